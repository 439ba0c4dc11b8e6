using System.Globalization;
using AgentBudget.Pricing.Import.Comparing;

namespace AgentBudget.Pricing.Import.Updating;

/// <summary>What an update changes, a line for each model: what holds now, and not how rows of the past are cut.</summary>
internal static class UpdateComparison
{
    public static IReadOnlyList<string> Between(IReadOnlyList<FlatModel> old, IReadOnlyList<FlatModel> derived)
    {
        var before = new Dictionary<string, FlatModel>(StringComparer.Ordinal);
        foreach (var (name, model) in old.SelectMany(model => model.Names, (model, name) => (name, model)))
            before[name] = model;
        var lines = new List<string>();
        foreach (var model in derived)
        {
            if (!model.Names.Any(before.ContainsKey))
                lines.Add($"+ {model.Model}: {string.Join(", ", model.Current.Select(rate => $"{rate.Key} {Usd(rate.Value)}"))}");
            else
                lines.AddRange(OfNames(model, before));
        }

        return lines;
    }

    // Names that cost the same before cost the same now: one line for all of them, under the first.
    private static IEnumerable<string> OfNames(FlatModel model, Dictionary<string, FlatModel> before)
    {
        foreach (var names in model.Names.Where(before.ContainsKey).GroupBy(name => before[name].Model))
        {
            var moves = Moves(before[names.First()].Current, model.Current).ToArray();
            if (moves.Length > 0)
                yield return $"~ {names.First()}: {string.Join(", ", moves)}";
        }

        foreach (var name in model.Names.Where(name => !before.ContainsKey(name)))
            yield return $"+ {name}: a new name of {model.Model}";
    }

    private static IEnumerable<string> Moves(IReadOnlyDictionary<string, decimal> old, IReadOnlyDictionary<string, decimal> now) =>
        from place in old.Keys.Union(now.Keys).Order(StringComparer.Ordinal)
        let was = old.TryGetValue(place, out var first) ? first : (decimal?)null
        let becomes = now.TryGetValue(place, out var second) ? second : (decimal?)null
        where was != becomes
        select $"{place} {Usd(was)} -> {Usd(becomes)}";

    private static string Usd(decimal? usd) => usd?.ToString(CultureInfo.InvariantCulture) ?? "(not stated)";
}
