namespace AgentBudget;

/// <summary>An operation that needs another ledger before it is done.</summary>
public enum IntentKind : byte
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
[GenerateSerializer, Immutable, Alias("agentbudget.intent")]
public sealed record Intent
{
    /// <summary>The entry that took it up, and its name.</summary>
    [Id(0)]
    public required long Sequence { get; init; }

    /// <summary>What is to be done.</summary>
    [Id(1)]
    public required IntentKind Kind { get; init; }

    /// <summary>The caller's idempotency key, or null.</summary>
    [Id(2)]
    public string? Key { get; init; }

    /// <summary>The hash of the command's whole body.</summary>
    [Id(3)]
    public long BodyHash { get; init; }

    /// <summary>The amount to add, or the budget to reach.</summary>
    [Id(4)]
    public Money Amount { get; init; }

    /// <summary>Why the ledger ends.</summary>
    [Id(5)]
    public EndReason End { get; init; }

    /// <summary>The caller's reason.</summary>
    [Id(6)]
    public string? Reason { get; init; }

    /// <summary>In observe mode: why it would have been refused.</summary>
    [Id(7)]
    public RefusalReason WouldRefuse { get; init; }
}
