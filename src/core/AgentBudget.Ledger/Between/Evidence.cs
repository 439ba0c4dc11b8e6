namespace AgentBudget.Ledger.Between;

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
