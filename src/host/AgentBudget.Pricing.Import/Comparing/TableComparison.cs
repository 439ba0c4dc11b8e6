using System.Globalization;

namespace AgentBudget.Pricing.Import.Comparing;

/// <summary>What would change in one price file, in words for the person who accepts it.</summary>
internal static class TableComparison
{
    /// <summary>A rate that moves further than this, either way, is more often a mistake in a source than a new price.</summary>
    private const decimal LargestMove = 5m;

    public static (List<string> Changes, List<RefusedChange> Refused) Between(
        IReadOnlyList<FlatModel> old,
        IReadOnlyList<FlatModel> derived
    )
    {
        var changes = new List<string>();
        var refused = new List<RefusedChange>();
        var now = derived
            .SelectMany(model => model.Names, (model, name) => (name, model))
            .ToDictionary(pair => pair.name, pair => pair.model, StringComparer.Ordinal);
        var before = old.SelectMany(model => model.Names).ToHashSet(StringComparer.Ordinal);
        foreach (var model in old)
        {
            foreach (var name in model.Names.Where(name => !now.ContainsKey(name)))
                refused.Add(new(name, $"{name}: no source knows it any more"));
            foreach (var name in model.Names.Where(now.ContainsKey))
                Compare(name, model, now[name], changes, refused);
        }

        foreach (var model in derived.Where(model => !model.Names.Any(before.Contains)))
            changes.Add($"+ {model.Model}: {string.Join(", ", model.Rates.Select(rate => $"{rate.Key} {Usd(rate.Value)}"))}");
        foreach (
            var name in derived
                .Where(model => model.Names.Any(before.Contains))
                .SelectMany(model => model.Names)
                .Where(name => !before.Contains(name))
        )
            changes.Add($"+ {name}: a new name of {now[name].Model}");
        return (changes, refused);
    }

    // A move is one of what holds now, whether it overwrites a row or stands in one of its own.
    private static void Compare(string name, FlatModel old, FlatModel derived, List<string> changes, List<RefusedChange> refused)
    {
        foreach (var (place, was, becomes) in Differences(old.Rates, derived.Rates))
            changes.Add($"~ {name}: {place} {Usd(was)} -> {Usd(becomes)}");
        foreach (var (place, was, becomes) in Differences(old.Current, derived.Current))
        {
            if (was is { } from && becomes is { } to && IsLarge(from, to))
                refused.Add(new(name, $"{name}: {place} {Usd(was)} -> {Usd(becomes)}"));
        }
    }

    private static IEnumerable<(string Place, decimal? Was, decimal? Becomes)> Differences(
        IReadOnlyDictionary<string, decimal> old,
        IReadOnlyDictionary<string, decimal> derived
    ) =>
        old
            .Keys.Union(derived.Keys)
            .Order(StringComparer.Ordinal)
            .Select(place =>
                (
                    place,
                    old.TryGetValue(place, out var first) ? first : (decimal?)null,
                    derived.TryGetValue(place, out var second) ? second : (decimal?)null
                )
            )
            .Where(difference => difference.Item2 != difference.Item3);

    private static bool IsLarge(decimal from, decimal to) => from == 0 || to == 0 || Math.Max(from / to, to / from) > LargestMove;

    private static string Usd(decimal? usd) => usd?.ToString(CultureInfo.InvariantCulture) ?? "(not stated)";
}
