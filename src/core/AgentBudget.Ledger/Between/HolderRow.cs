namespace AgentBudget;

/// <summary>Why a parent counts a holder's money as out no more.</summary>
public enum HolderEnd : byte
{
    /// <summary>It does: the row is open.</summary>
    None = 0,

    /// <summary>The holder has ended and has said so.</summary>
    Sealed = 1,

    /// <summary>The holder was never registered: its id is taken, or the parent ended first.</summary>
    Declined = 2,

    /// <summary>The store says that the holder does not exist.</summary>
    Lost = 3,
}

/// <summary>
/// What a ledger knows of a holder of its money: totals that only grow. A row follows the entries that carry it, as an open reservation
/// does; open rows are loaded with the ledger, closed ones are looked up before the turn that needs them.
/// </summary>
[GenerateSerializer, Immutable, Alias("agentbudget.holder-row")]
public sealed record HolderRow
{
    /// <summary>The sequence of the entry that opened it.</summary>
    [Id(0)]
    public required long Number { get; init; }

    /// <summary>The holder's id.</summary>
    [Id(1)]
    public required string HolderId { get; init; }

    /// <summary>Which life of that id; 0 until the holder has registered.</summary>
    [Id(2)]
    public long HolderLife { get; init; }

    /// <summary>When it was opened.</summary>
    [Id(3)]
    public DateTimeOffset OpenedAt { get; init; }

    /// <summary>When it was closed; null while it is open.</summary>
    [Id(4)]
    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>Why it was closed, or none.</summary>
    [Id(5)]
    public HolderEnd End { get; init; }

    /// <summary>All that the holder may ever have had.</summary>
    [Id(6)]
    public Money Granted { get; init; }

    /// <summary>What it gave back of it.</summary>
    [Id(7)]
    public Money GivenBack { get; init; }

    /// <summary>What it spent, corrections upwards included.</summary>
    [Id(8)]
    public Money SpentUp { get; init; }

    /// <summary>What corrections took back of that.</summary>
    [Id(9)]
    public Money CorrectedDown { get; init; }

    /// <summary>What is out and has no cover in the parent's budget: after the parent was restored to an earlier moment, or in observe
    /// mode. Covered as money comes free.</summary>
    [Id(10)]
    public Money Uncovered { get; init; }

    /// <summary>The holder's entry through which its reports are booked.</summary>
    [Id(11)]
    public long ReportedThrough { get; init; }

    /// <summary>How often the holder was restored to an earlier moment and its totals were taken anew.</summary>
    [Id(12)]
    public int Epoch { get; init; }

    /// <summary>What the holder is to be opened with; null once it has registered.</summary>
    [Id(13)]
    public BudgetSessionOptions? Options { get; init; }

    /// <summary>The operation that opened the row; null once the holder has registered.</summary>
    [Id(14)]
    public Intent? Intent { get; init; }

    /// <summary>How the holder gets its money.</summary>
    [Id(15)]
    public HolderPolicy Policy { get; init; }

    /// <summary>When the holder was last told that it may open with this money; null for a carved child, which gets none by that.</summary>
    [Id(16)]
    public DateTimeOffset? AdmittedAt { get; init; }

    /// <summary>
    /// What an invitation names it by: its number and its time, for a parent that was restored to an earlier moment gives a number twice.
    /// </summary>
    internal long Mark
    {
        get
        {
            var hash = default(BodyHash);
            hash.Add(Number);
            hash.Add(OpenedAt.UtcTicks);
            return hash.Value;
        }
    }

    /// <summary>What it spent: never below zero.</summary>
    public Money Spent => SpentUp - CorrectedDown;

    /// <summary>What it may still spend, as far as the parent knows.</summary>
    public Money Out => OutWith(Granted);

    /// <summary>The same, were so much granted.</summary>
    internal Money OutWith(Money granted) => End != HolderEnd.None ? Money.Zero : Money.Max(Money.Zero, granted - GivenBack - Spent);

    /// <summary>Whether it has spent beyond its money: the parent counts that as spent.</summary>
    internal bool IsOverspent => IsOpen && Spent + GivenBack > Granted;

    /// <summary>What the parent counts as reserved for it.</summary>
    public Money SetAside => Out - Money.Min(Out, Uncovered);

    /// <summary>Whether it is open.</summary>
    public bool IsOpen => End == HolderEnd.None;
}

/// <summary>What an entry does to a row: the row as it is after it, and what that moves in the ledger.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.holder-change")]
public sealed record HolderChange
{
    /// <summary>The row after the entry.</summary>
    [Id(0)]
    public required HolderRow Row { get; init; }

    /// <summary>Whether the row was open before: a late report of a holder that has ended leaves it closed.</summary>
    [Id(1)]
    public bool WasOpen { get; init; }

    /// <summary>What was set aside for it before.</summary>
    [Id(2)]
    public Money SetAsideBefore { get; init; }

    /// <summary>What the holder spent since its last report.</summary>
    [Id(3)]
    public Money SpentUp { get; init; }

    /// <summary>What corrections took back since its last report.</summary>
    [Id(4)]
    public Money CorrectedDown { get; init; }

    /// <summary>The number that holds go on from, after one was cited that is ahead; 0 for no change.</summary>
    [Id(5)]
    public long HoldNumber { get; init; }

    /// <summary>The same by the quarter hours in which it was recorded.</summary>
    [Id(6)]
    public IReadOnlyList<QuarterSum> ByQuarter { get; init; } = [];

    /// <summary>The same by model, tool, agent and tag, where a tenant pays.</summary>
    [Id(7)]
    public IReadOnlyList<NamedSum> ByName { get; init; } = [];

    /// <summary>The sessions that ended meanwhile, where a tenant pays.</summary>
    [Id(8)]
    public IReadOnlyList<RunSum> Runs { get; init; } = [];

    /// <summary>What the entry adds to what the ledger has spent; below zero when more was taken back.</summary>
    public Money Spent => SpentUp - CorrectedDown;
}
