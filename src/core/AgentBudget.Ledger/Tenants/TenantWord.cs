namespace AgentBudget.Ledger.Tenants;

/// <summary>What a tenant says to a holder beside where that stands.</summary>
internal sealed record TenantWord
{
    public static readonly TenantWord Nothing = new();

    /// <summary>The recall that it makes; 0 for none.</summary>
    public long Recall { get; init; }

    /// <summary>Since when the oldest waits for whom it is made.</summary>
    public DateTimeOffset RecallSince { get; init; }

    /// <summary>Why it refuses; null when it does not.</summary>
    public RefusalReason? Refused { get; init; }

    /// <summary>Which ask it refuses.</summary>
    public long RefusedAsk { get; init; }

    /// <summary>Which tenant refuses.</summary>
    public TenantRefusal? By { get; init; }

    /// <summary>Whether what was refused as exhausted may be asked for again.</summary>
    public bool IsHint { get; init; }
}
