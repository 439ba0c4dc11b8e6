using System.Globalization;
using AgentBudget.Pricing.Import.Comparing;

namespace AgentBudget.Pricing.Import.Updating;

/// <summary>What an update changes, a line for each model and day: what holds on the day of the update, and what is announced for a later
/// one, with that day in front; not how rows of the past are cut.</summary>
/// <param name="today">The day of the update.</param>
internal sealed class UpdateComparison(DateOnly today)
{
    public IReadOnlyList<string> Between(IReadOnlyList<FlatModel> old, IReadOnlyList<FlatModel> derived)
    {
        var before = new Dictionary<string, FlatModel>(StringComparer.Ordinal);
        foreach (var (name, model) in old.SelectMany(model => model.Names, (model, name) => (name, model)))
            before[name] = model;
        var lines = new List<string>();
        foreach (var model in derived)
            lines.AddRange(model.Names.Any(before.ContainsKey) ? OfNames(model, before) : OfANewOne(model));
        return lines;
    }

    private IEnumerable<string> OfANewOne(FlatModel model)
    {
        if (model.HoldingOn(today) is { Count: > 0 } rates)
            yield return $"+ {model.Model}: {string.Join(", ", rates.Select(rate => $"{rate.Key} {Usd(rate.Value)}"))}";
        foreach (var day in model.BeginningAfter(today).Order())
        {
            var moves = Moves(model.HoldingOn(day.AddDays(-1)), model.HoldingOn(day));
            yield return $"+ {model.Model}: {From(day)}{string.Join(", ", moves)}";
        }
    }

    // Names that cost the same before cost the same now: one line for all of them, under the first.
    private IEnumerable<string> OfNames(FlatModel model, Dictionary<string, FlatModel> before)
    {
        foreach (var names in model.Names.Where(before.ContainsKey).GroupBy(name => before[name].Model))
        {
            foreach (var moves in OfDays(before[names.First()], model))
                yield return $"~ {names.First()}: {moves}";
        }

        foreach (var name in model.Names.Where(name => !before.ContainsKey(name)))
            yield return $"+ {name}: a new name of {model.Model}";
    }

    private IEnumerable<string> OfDays(FlatModel old, FlatModel model)
    {
        var moves = Moves(old.HoldingOn(today), model.HoldingOn(today)).ToArray();
        if (moves.Length > 0)
            yield return string.Join(", ", moves);
        var (known, announced) = (old.BeginningAfter(today).ToHashSet(), model.BeginningAfter(today).ToHashSet());
        foreach (var day in known.Union(announced).Order())
        {
            // What nobody had announced stands beside what would have gone on otherwise.
            var was = known.Contains(day) ? old.HoldingOn(day) : model.HoldingOn(day.AddDays(-1));
            moves = [.. Moves(was, model.HoldingOn(day))];
            if (moves.Length > 0)
                yield return $"{From(day)}{string.Join(", ", moves)}{(announced.Contains(day) ? "" : " (not announced any more)")}";
        }
    }

    private static string From(DateOnly day) => string.Create(CultureInfo.InvariantCulture, $"from {day:yyyy-MM-dd}: ");

    private static IEnumerable<string> Moves(IReadOnlyDictionary<string, decimal> old, IReadOnlyDictionary<string, decimal> now) =>
        from place in old.Keys.Union(now.Keys).Order(StringComparer.Ordinal)
        let was = old.TryGetValue(place, out var first) ? first : (decimal?)null
        let becomes = now.TryGetValue(place, out var second) ? second : (decimal?)null
        where was != becomes
        select $"{place} {Usd(was)} -> {Usd(becomes)}";

    private static string Usd(decimal? usd) => usd?.ToString(CultureInfo.InvariantCulture) ?? "(not stated)";
}
