namespace AgentBudget.Pricing.Tables;

/// <summary>One model at one provider: its names and its rows.</summary>
internal sealed class ModelPrices
{
    private readonly PriceRow[] rows;

    public ModelPrices(IReadOnlyList<PriceRow> rows) =>
        this.rows = [
            .. rows.OrderByDescending(row => row.DailyWindow is not null).ThenByDescending(row => row.From ?? DateTimeOffset.MinValue),
        ];

    public required string Provider { get; init; }

    /// <summary>The id, and <see cref="Names"/>' first.</summary>
    public required string Model { get; init; }

    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>Those of <see cref="Names"/> that the vendor also issues with a date suffix.</summary>
    public required IReadOnlyList<string> DatedNames { get; init; }

    /// <summary>Whether the provider's names may carry a Bedrock region and version.</summary>
    public required bool HasBedrockNames { get; init; }

    /// <summary>Whether its rows come from published collections, and not from whoever wrote the file.</summary>
    public bool IsCollected { get; init; }

    public string Label => $"{Provider}/{Model}";

    /// <summary>Rows with a daily window first, then by falling start: the order in which they are asked.</summary>
    public IReadOnlyList<PriceRow> Rows => rows;

    /// <summary>The row that holds at a moment, or null.</summary>
    public PriceRow? RowAt(DateTimeOffset at)
    {
        foreach (var row in rows)
        {
            if (row.Covers(at))
                return row;
        }

        return null;
    }
}
