namespace AgentBudget.Pricing.Import;

/// <summary>One row as it will be written.</summary>
internal sealed record RowEntry
{
    public DateTimeOffset? From { get; init; }

    public DateTimeOffset? Until { get; init; }

    public DailyWindow? Window { get; init; }

    public required RateSheet Standard { get; init; }

    /// <summary>Whether exactly the threshold is enough for a context tier.</summary>
    public bool TiersIncludeThreshold { get; init; }

    /// <summary>Web searches billed with every request.</summary>
    public int MinWebSearches { get; init; }

    /// <summary>What else the row holds, by name: JSON that is written as it was read.</summary>
    public SortedDictionary<string, string> Others { get; init; } = [];

    public SortedDictionary<string, RateSheet> ServiceTiers { get; init; } = [];

    public SortedDictionary<string, decimal> Regions { get; init; } = [];

    public required string Source { get; init; }

    public required DateOnly Retrieved { get; init; }

    public string? Note { get; init; }

    /// <summary>Whether two rows mean the same price, wherever they were read.</summary>
    public bool Matches(RowEntry other) =>
        Agrees(other)
        && Standard.Rates.Count == other.Standard.Rates.Count
        && Regions.Count == other.Regions.Count
        && ServiceTiers.Count == other.ServiceTiers.Count;

    /// <summary>Whether two rows contradict each other in nothing: one may lack service tiers, regions and fees that the other
    /// has.</summary>
    public bool Agrees(RowEntry other) =>
        From == other.From
        && Until == other.Until
        && Window == other.Window
        && MinWebSearches == other.MinWebSearches
        && Standard.Agrees(other.Standard)
        && Regions.All(region => !other.Regions.TryGetValue(region.Key, out var factor) || factor == region.Value)
        && ServiceTiers.All(tier => !other.ServiceTiers.TryGetValue(tier.Key, out var sheet) || sheet.Matches(tier.Value));

    /// <summary>Whether this row holds all that another one states, whether or not it states it by itself.</summary>
    public bool Covers(RowEntry other) =>
        MinWebSearches >= other.MinWebSearches
        && Standard.Covers(other.Standard)
        && other.Regions.All(region => Regions.TryGetValue(region.Key, out var factor) && factor == region.Value)
        && other.ServiceTiers.All(tier => ServiceTiers.TryGetValue(tier.Key, out var sheet) && sheet.Covers(tier.Value));

    /// <summary>This row with what another one that agrees with it has beyond it.</summary>
    public RowEntry With(RowEntry other)
    {
        var tiers = new SortedDictionary<string, RateSheet>(ServiceTiers, StringComparer.Ordinal);
        foreach (var (name, sheet) in other.ServiceTiers)
            tiers.TryAdd(name, sheet);
        var regions = new SortedDictionary<string, decimal>(Regions, StringComparer.Ordinal);
        foreach (var (name, factor) in other.Regions)
            regions.TryAdd(name, factor);
        return this with
        {
            Standard = Standard.With(other.Standard),
            ServiceTiers = tiers,
            Regions = regions,
            Others = WithOthers(other),
            Note = Note ?? other.Note,
        };
    }

    /// <summary>What else this row holds, with what another one holds beyond it.</summary>
    public SortedDictionary<string, string> WithOthers(RowEntry other)
    {
        var others = new SortedDictionary<string, string>(Others, StringComparer.Ordinal);
        foreach (var (name, json) in other.Others)
            others.TryAdd(name, json);
        return others;
    }
}

/// <summary>One model as it will be written: its names and rows, or the text of an entry that is kept as it stands.</summary>
internal sealed record ModelEntry
{
    public required string Model { get; init; }

    public IReadOnlyList<string> Aliases { get; init; } = [];

    public IReadOnlyList<string> DatedNames { get; init; } = [];

    public long? MaxOutputTokens { get; init; }

    public IReadOnlyList<RowEntry> Rows { get; init; } = [];

    /// <summary>The JSON of an entry that is written back unchanged; null for one that was derived.</summary>
    public string? KeptText { get; init; }

    public IEnumerable<string> Names => Aliases.Prepend(Model);
}
