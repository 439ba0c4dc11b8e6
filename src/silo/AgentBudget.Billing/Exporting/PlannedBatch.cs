using AgentBudget.Billing.Costs;

namespace AgentBudget.Billing.Exporting;

/// <summary>Costs that are sent together.</summary>
internal sealed record PlannedBatch
{
    /// <summary>Which.</summary>
    public required IReadOnlyList<BilledCost> Costs { get; init; }

    /// <summary>How often the receiver failed with it.</summary>
    public int Tries { get; init; }

    /// <summary>How many batches had been answered when it failed first.</summary>
    public long? AnsweredBefore { get; init; }

    /// <summary>How many batches had been taken when it was not let in first; null where it was not tried, or was not barred.</summary>
    public long? TakenBefore { get; init; }

    /// <summary>Whether the receiver did not let it in, so that either it or the settings are at fault.</summary>
    public bool IsBarred => TakenBefore is not null;

    /// <summary>When the receiver may have taken it first and not said so; null where it cannot have.</summary>
    public DateTimeOffset? DoubtfulSince { get; init; }
}
