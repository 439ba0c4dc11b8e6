namespace AgentBudget;

/// <summary>
/// What one ledger says to another. Messages may be lost, doubled and overtaken: each names absolute totals, or a range of the holder's
/// own sequence, and the lives that it is about. Not for users.
/// </summary>
[GenerateSerializer, Immutable, Alias("agentbudget.ledger-message")]
public abstract record LedgerMessage
{
    /// <summary>The holder.</summary>
    [Id(0)]
    public required string HolderId { get; init; }

    /// <summary>The parent.</summary>
    [Id(1)]
    public required string ParentId { get; init; }

    /// <summary>The parent's life.</summary>
    [Id(2)]
    public required long ParentLife { get; init; }

    /// <summary>Which of the parent's rows: a mark made of its number and the instant at which it was opened.</summary>
    [Id(3)]
    public required long RowMark { get; init; }

    /// <summary>The sender's ledger time: it travels both ways, so that what is caused is never older than its cause.</summary>
    [Id(4)]
    public required DateTimeOffset Time { get; init; }
}

/// <summary>Parent to holder: register, then ask. Carries no money: a late copy opens a holder that has none and gets none.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.invitation")]
public sealed record Invitation : LedgerMessage
{
    /// <summary>What to open with.</summary>
    [Id(0)]
    public required BudgetSessionOptions Options { get; init; }

    /// <summary>How it is to get its money.</summary>
    [Id(1)]
    public HolderPolicy Policy { get; init; }

    /// <summary>The hash of what its caller asked for, so that opening it again is told from a conflict.</summary>
    [Id(2)]
    public long BodyHash { get; init; }

    /// <summary>What has been granted, in an answer to a request for admission; whoever did not ask has nothing by it.</summary>
    [Id(3)]
    public Money Granted { get; init; }

    /// <summary>The number of the parent's last hold, in such an answer.</summary>
    [Id(4)]
    public long HoldNumber { get; init; }

    /// <summary>When what it answers was asked, so that it is taken for no other answer.</summary>
    [Id(5)]
    public DateTimeOffset AskedAt { get; init; }
}
