using System.Globalization;

namespace AgentBudget.Pricing.Import.Comparing;

/// <summary>What would change in one price file, in words for the person who accepts it.</summary>
internal static class TableComparison
{
    /// <summary>A rate that moves further than this, either way, is more often a mistake in a source than a new price.</summary>
    private const decimal LargestMove = 5m;

    public static (List<string> Changes, List<RefusedChange> Refused) Between(IReadOnlyList<FlatModel> old, IReadOnlyList<FlatModel> derived)
    {
        var changes = new List<string>();
        var refused = new List<RefusedChange>();
        var now = derived.SelectMany(model => model.Names, (model, name) => (name, model)).ToDictionary(pair => pair.name, pair => pair.model, StringComparer.Ordinal);
        var before = old.SelectMany(model => model.Names).ToHashSet(StringComparer.Ordinal);
        foreach (var model in old)
        {
            foreach (var name in model.Names.Where(name => !now.ContainsKey(name)))
                refused.Add(new(name, $"{name}: no source knows it any more"));
            foreach (var name in model.Names.Where(now.ContainsKey)) CompareRates(name, model.Rates, now[name].Rates, changes, refused);
        }

        foreach (var model in derived.Where(model => !model.Names.Any(before.Contains)))
            changes.Add($"+ {model.Model}: {string.Join(", ", model.Rates.Select(rate => $"{rate.Key} {Usd(rate.Value)}"))}");
        foreach (var name in derived.Where(model => model.Names.Any(before.Contains)).SelectMany(model => model.Names).Where(name => !before.Contains(name)))
            changes.Add($"+ {name}: a new name of {now[name].Model}");
        return (changes, refused);
    }

    private static void CompareRates(
        string name, IReadOnlyDictionary<string, decimal> old, IReadOnlyDictionary<string, decimal> derived, List<string> changes, List<RefusedChange> refused)
    {
        foreach (var place in old.Keys.Union(derived.Keys).Order(StringComparer.Ordinal))
        {
            var was = old.TryGetValue(place, out var first) ? first : (decimal?)null;
            var becomes = derived.TryGetValue(place, out var second) ? second : (decimal?)null;
            if (was == becomes) continue;
            var change = $"{name}: {place} {Usd(was)} -> {Usd(becomes)}";
            changes.Add("~ " + change);
            if (was is { } from && becomes is { } to && IsLarge(from, to)) refused.Add(new(name, change));
        }
    }

    private static bool IsLarge(decimal from, decimal to) =>
        from == 0 || to == 0 || Math.Max(from / to, to / from) > LargestMove;

    private static string Usd(decimal? usd) => usd?.ToString(CultureInfo.InvariantCulture) ?? "(not stated)";
}
