namespace AgentBudget;

/// <summary>How a child session gets its money.</summary>
public enum ChildKind : byte
{
    /// <summary>A sub-account inside the parent, drawing on the parent's available money call by call.</summary>
    Shared = 0,

    /// <summary>A session of its own, with money that the parent set aside at once.</summary>
    Carved = 1,
}

/// <summary>A child as its parent knows it.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.child")]
public sealed record ChildAccount
{
    /// <summary>The name of a shared child, the session id of a carved one.</summary>
    [Id(0)]
    public required string Name { get; init; }

    /// <summary>Shared or carved.</summary>
    [Id(1)]
    public ChildKind Kind { get; init; }

    /// <summary>The entry that opened it; for a carved child this is the carve's id.</summary>
    [Id(2)]
    public long OpenedSequence { get; init; }

    /// <summary>When it was opened.</summary>
    [Id(3)]
    public DateTimeOffset OpenedAt { get; init; }

    /// <summary>When it was closed, or its money came back; null while it is open.</summary>
    [Id(4)]
    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>Money carved for it so far; zero for a shared child.</summary>
    [Id(5)]
    public Money Carved { get; init; }

    /// <summary>How many times money was carved for it: the n of the last carve.</summary>
    [Id(6)]
    public int CarveNumber { get; init; }

    /// <summary>What it spent, as far as the parent knows: a carved child's spend comes with the return of its money.</summary>
    [Id(7)]
    public Money Spent { get; init; }

    /// <summary>A shared child's spend by model and tool.</summary>
    [Id(8)]
    public Breakdown Breakdown { get; init; } = Breakdown.Empty;

    /// <summary>Whether it is open.</summary>
    public bool IsOpen => ClosedAt is null;
}

/// <summary>What a carved child knows of its parent.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.origin")]
public sealed record CarveOrigin
{
    /// <summary>The parent's session id.</summary>
    [Id(0)]
    public required string ParentId { get; init; }

    /// <summary>The sequence of the parent's entry that carved the money.</summary>
    [Id(1)]
    public long CarveId { get; init; }

    /// <summary>The n of the last carve that this child accepted.</summary>
    [Id(2)]
    public int AcceptedNumber { get; init; }

    /// <summary>Whether the parent has acknowledged the return.</summary>
    [Id(3)]
    public bool ReturnAcknowledged { get; init; }

    /// <summary>Late charges up to this entry have been passed on to the parent.</summary>
    [Id(4)]
    public long ForwardedThrough { get; init; }

    /// <summary>The last late charge, 0 when there was none.</summary>
    [Id(5)]
    public long LastLateSequence { get; init; }

    /// <summary>What was spent when the child ended; what comes later is passed on charge by charge.</summary>
    [Id(6)]
    public Money SealedSpent { get; init; }

    /// <summary>The same, by model and tool; null until the child ended.</summary>
    [Id(7)]
    public Breakdown? SealedBreakdown { get; init; }

    /// <summary>Whether something is still to be told to the parent.</summary>
    public bool HasNewsForParent(EndReason end) => end != EndReason.None && (!ReturnAcknowledged || LastLateSequence > ForwardedThrough);
}
