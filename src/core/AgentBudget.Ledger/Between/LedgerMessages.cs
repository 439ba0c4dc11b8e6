namespace AgentBudget;

/// <summary>
/// What one ledger says to another. Messages may be lost, doubled and overtaken: each names absolute totals, or a range of the holder's
/// own sequence, and the lives that it is about.
/// </summary>
internal abstract record LedgerMessage
{
    /// <summary>The holder.</summary>
    public required string HolderId { get; init; }

    /// <summary>The parent.</summary>
    public required string ParentId { get; init; }

    /// <summary>The parent's life.</summary>
    public required long ParentLife { get; init; }

    /// <summary>Which of the parent's rows: <see cref="HolderRow.Mark"/>.</summary>
    public required long RowNumber { get; init; }

    /// <summary>The sender's ledger time: it travels both ways, so that what is caused is never older than its cause.</summary>
    public required DateTimeOffset Time { get; init; }
}

/// <summary>Parent to holder: register, then ask. Carries no money: a late copy opens a holder that has none and gets none.</summary>
internal sealed record Invitation : LedgerMessage
{
    /// <summary>What to open with.</summary>
    public required BudgetSessionOptions Options { get; init; }
}

/// <summary>Parent to holder: all that it has to know, every time.</summary>
internal sealed record ParentWord : LedgerMessage
{
    /// <summary>The holder's life.</summary>
    public required long HolderLife { get; init; }

    /// <summary>What was granted so far. In every word: a grant that was lost would be out for ever.</summary>
    public required Money Granted { get; init; }

    /// <summary>What the holder gave back of it, as far as that is booked.</summary>
    public required Money GivenBack { get; init; }

    /// <summary>Through which of the holder's entries reports are booked.</summary>
    public required long Through { get; init; }

    /// <summary>Which epoch of the holder they are booked in.</summary>
    public required int Epoch { get; init; }

    /// <summary>The number of the parent's last hold.</summary>
    public required long HoldNumber { get; init; }

    /// <summary>Whether the parent holds.</summary>
    public required bool IsHeld { get; init; }

    /// <summary>Whether a report did not go on from what is booked: the holder has been restored, and has grown past it since.</summary>
    public bool IsDiverged { get; init; }

    /// <summary>Whether the holder has to end: the parent does, or counts it as ended.</summary>
    public bool IsStop { get; init; }

    /// <summary>Whether an answer is wanted even if there is nothing to tell.</summary>
    public bool WantsAnswer { get; init; }

    /// <summary>Why what was asked for is not granted; null when it is, or nothing was asked.</summary>
    public RefusalReason? Refused { get; init; }

    /// <summary>The least that was asked for when it was refused: another ask is not meant.</summary>
    public Money RefusedAtLeast { get; init; }

    /// <summary>What the parent's store says where it has no open row.</summary>
    public ParentState State { get; init; }
}

/// <summary>What a parent is to a holder.</summary>
internal enum ParentState : byte
{
    /// <summary>It has a row for the holder.</summary>
    Known = 0,

    /// <summary>The parent lives, and has no row: report from the first entry on.</summary>
    NoRow = 1,

    /// <summary>This life of the parent is no more.</summary>
    Gone = 2,
}

/// <summary>Holder to parent: what it has, what it did in a range of its entries, and what it asks for.</summary>
internal sealed record HolderWord : LedgerMessage
{
    /// <summary>The holder's life; 0 for an id that is somebody else's.</summary>
    public required long HolderLife { get; init; }

    /// <summary>What was granted and has arrived.</summary>
    public Money Granted { get; init; }

    /// <summary>All that it has spent.</summary>
    public Money Spent { get; init; }

    /// <summary>The number of the parent's last hold that it has written.</summary>
    public long HoldNumber { get; init; }

    /// <summary>The same, once all that hold money of the holder have written what it told them; 0 until then.</summary>
    public long HoldSpread { get; init; }

    /// <summary>The least that it asks for, as a total of what was granted; zero when it asks for nothing.</summary>
    public Money AtLeast { get; init; }

    /// <summary>The same for all that wait.</summary>
    public Money All { get; init; }

    /// <summary>What it reports, or null.</summary>
    public HolderReport? Report { get; init; }

    /// <summary>What became of the holder where it cannot speak for itself.</summary>
    public HolderState State { get; init; }
}

/// <summary>What is behind a holder's id.</summary>
internal enum HolderState : byte
{
    /// <summary>The holder.</summary>
    Known = 0,

    /// <summary>A ledger of somebody else.</summary>
    Taken = 1,

    /// <summary>Not this life of it, as a read of the store has shown.</summary>
    Unknown = 2,
}

/// <summary>What a holder did in a range of its own entries.</summary>
internal sealed record HolderReport
{
    /// <summary>The entry before the first that is reported.</summary>
    public required long From { get; init; }

    /// <summary>The last that is.</summary>
    public required long To { get; init; }

    /// <summary>The holder's epoch.</summary>
    public required int Epoch { get; init; }

    /// <summary>Whether these are totals since the beginning: the holder was restored to an earlier moment.</summary>
    public bool IsRestart { get; init; }

    /// <summary>All that was given back until the last entry; null when nothing was in the range.</summary>
    public Money? GivenBack { get; init; }

    /// <summary>What was spent in the range, corrections upwards included.</summary>
    public Money SpentUp { get; init; }

    /// <summary>What corrections took back in the range.</summary>
    public Money CorrectedDown { get; init; }

    /// <summary>All that the holder has spent after the last entry: what is booked has to lead there.</summary>
    public required Money SpentAfter { get; init; }

    /// <summary>The difference of the two, by model and tool.</summary>
    public Breakdown Breakdown { get; init; } = Breakdown.Empty;

    /// <summary>Whether the holder had ended by the last entry: it has given back all that is left.</summary>
    public bool IsSealed { get; init; }
}

/// <summary>
/// What was read of the store for a message, after the message came. Nothing that a ledger does not find in memory may be said to be
/// unknown from memory alone: the activation may be stale.
/// </summary>
internal sealed record Evidence
{
    /// <summary>Nothing was read.</summary>
    public static readonly Evidence None = new();

    /// <summary>Whether the store was read, and its head was not ahead of the ledger in memory.</summary>
    public bool IsProven { get; init; }

    /// <summary>The sequence of the stored head.</summary>
    public long AsOf { get; init; }

    /// <summary>The closed row of the holder that the message names, or null.</summary>
    public HolderRow? Row { get; init; }
}

/// <summary>What came of a message.</summary>
/// <param name="Reply">The answer, to be given when all that was decided is durable; null for none.</param>
/// <param name="Entries">What was written.</param>
/// <param name="NeedsEvidence">Nothing was decided: the store has to be read first, and the message handed in again with what it
/// says.</param>
internal readonly record struct Received(LedgerMessage? Reply, IReadOnlyList<Entry> Entries, bool NeedsEvidence = false);
