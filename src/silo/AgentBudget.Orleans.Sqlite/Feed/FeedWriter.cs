using AgentBudget.Orleans.Sqlite.Journal;
using AgentBudget.Orleans.Storage;

namespace AgentBudget.Orleans.Sqlite.Feed;

/// <summary>
/// Numbers batches with events, and writes the feed's row of each into the journal, beside the entries: a row of the table would be a page
/// more of the log for each batch. Used by the writer's thread alone.
/// </summary>
/// <param name="tail">Takes rows whose batch is durable; what recovery found in the journal is there already.</param>
internal sealed class FeedWriter(FeedTail tail)
{
    private readonly FeedRanges ranges = new();
    private FeedPiece? row;

    public void Begin()
    {
        ranges.Clear();
        row = null;
    }

    public void Add(long ledgerNo, in LedgerAppend append) => ranges.Add(ledgerNo, append);

    /// <summary>Adds the batch's row to what the journal gets, if there is anything in it.</summary>
    public void Write(JournalChunks chunks)
    {
        if (!ranges.IsEmpty)
            row = chunks.Add(tail.Last + 1, ranges);
    }

    /// <summary>The batch is durable, and its entries can be read.</summary>
    /// <param name="journalId">The first row of the journal that it wrote.</param>
    public void Publish(long journalId)
    {
        if (row is { } written)
            tail.Add(written, journalId);
    }
}
