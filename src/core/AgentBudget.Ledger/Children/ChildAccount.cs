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

    /// <summary>The entry that opened it.</summary>
    [Id(2)]
    public long OpenedSequence { get; init; }

    /// <summary>When it was opened.</summary>
    [Id(3)]
    public DateTimeOffset OpenedAt { get; init; }

    /// <summary>When it was closed; null while it is open.</summary>
    [Id(4)]
    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>Money set aside for it so far; zero for a shared child.</summary>
    [Id(5)]
    public Money Carved { get; init; }

    /// <summary>What it spent, as far as the parent knows: a carved child reports soon after it spends.</summary>
    [Id(6)]
    public Money Spent { get; init; }

    /// <summary>A shared child's spend by model and tool.</summary>
    [Id(7)]
    public Breakdown Breakdown { get; init; } = Breakdown.Empty;

    /// <summary>Whether it is open.</summary>
    public bool IsOpen => ClosedAt is null;

    /// <summary>A carved child, as its parent's row for it says.</summary>
    internal static ChildAccount Of(HolderRow row) =>
        new()
        {
            Name = row.HolderId,
            Kind = ChildKind.Carved,
            OpenedSequence = row.Number,
            OpenedAt = row.OpenedAt,
            ClosedAt = row.ClosedAt,
            Carved = row.Granted,
            Spent = row.Spent,
        };
}
