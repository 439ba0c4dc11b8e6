namespace AgentBudget.Pricing.Import.Sources;

/// <summary>What a statement is believed for.</summary>
internal enum StatementUse
{
    /// <summary>Everything.</summary>
    Price,

    /// <summary>Rates beside input and output, because it is about the same model under its undated name.</summary>
    OtherRates,

    /// <summary>Fees and image output only, because it is about the same model at a router that passes on the vendor's price.</summary>
    Fees,
}

/// <summary>What one source says about one name at one provider.</summary>
internal sealed record Statement
{
    /// <summary>The source's name, for notes.</summary>
    public required string Source { get; init; }

    /// <summary>Rows in order of time; one, unless the source dates its prices.</summary>
    public required IReadOnlyList<StatedRow> Rows { get; init; }

    /// <summary>Whether the source lists the very name; false where it matches a pattern, which may be coarser than the vendor.</summary>
    public bool IsExact { get; init; } = true;

    /// <summary>Whether the source knows the name from another provider only, whose price it takes to hold here, too.</summary>
    public bool IsBorrowed { get; init; }

    /// <summary>Whether the source says that the name is also issued with a date behind it.</summary>
    public bool AcceptsDates { get; init; }

    public long? MaxOutputTokens { get; init; }

    public StatementUse Use { get; init; }

    /// <summary>The source's own id for what it matched; names with one id are one model.</summary>
    public required string Group { get; init; }

    /// <summary>Where to read it.</summary>
    public required string Address { get; init; }

    /// <summary>The day of the collection's version.</summary>
    public required DateOnly Retrieved { get; init; }

    /// <summary>The row that holds when the collection was made.</summary>
    public StatedRow Current =>
        Rows.LastOrDefault(row =>
            row.Window is null && (row.From is null || row.From <= new DateTimeOffset(Retrieved, TimeOnly.MaxValue, TimeSpan.Zero))
        ) ?? Rows[0];
}

/// <summary>One price of a statement.</summary>
internal sealed record StatedRow
{
    public DateTimeOffset? From { get; init; }

    public DailyWindow? Window { get; init; }

    public required RateSheet Standard { get; init; }

    public SortedDictionary<string, RateSheet> ServiceTiers { get; init; } = [];

    /// <summary>Service tiers stated as a factor on all token rates.</summary>
    public SortedDictionary<string, decimal> ServiceFactors { get; init; } = [];

    public SortedDictionary<string, decimal> Regions { get; init; } = [];
}
