namespace AgentBudget.Billing.Exporting;

/// <summary>What an export has done since it began.</summary>
internal sealed record ExportCount
{
    /// <summary>Costs that were taken.</summary>
    public long Taken { get; init; }

    /// <summary>Their sum, corrections signed.</summary>
    public Money Sum { get; init; }

    /// <summary>Dead letters that there are.</summary>
    public int Dead { get; init; }

    /// <summary>Places in the feed that were lost: too old, or restored.</summary>
    public int LostPlaces { get; init; }
}
