namespace AgentBudget;

/// <summary>An operation that needs another ledger before it is done.</summary>
internal enum IntentKind : byte
{
    /// <summary>A carved child is to be opened.</summary>
    OpenChild = 1,

    /// <summary>The parent is asked for more by an amount.</summary>
    TopUp = 2,

    /// <summary>The parent is asked for what is missing to a budget.</summary>
    SetBudget = 3,

    /// <summary>The ledger ends when all holders of its money have.</summary>
    End = 4,
}

/// <summary>
/// An operation under way between two ledgers. It is durable before anybody else is told; its key stands on the entry that completes
/// it, so that a refusal binds no key, and until then is taken all the same.
/// </summary>
internal sealed record Intent
{
    /// <summary>The entry that took it up, and its name.</summary>
    public required long Sequence { get; init; }

    /// <summary>What is to be done.</summary>
    public required IntentKind Kind { get; init; }

    /// <summary>The caller's idempotency key, or null.</summary>
    public string? Key { get; init; }

    /// <summary>The hash of the command's whole body.</summary>
    public long BodyHash { get; init; }

    /// <summary>The amount to add, or the budget to reach.</summary>
    public Money Amount { get; init; }

    /// <summary>Why the ledger ends.</summary>
    public EndReason End { get; init; }

    /// <summary>The caller's reason.</summary>
    public string? Reason { get; init; }
}
