namespace AgentBudget.Orleans.Sqlite.Journal;

/// <summary>
/// The rows of the feed that stand in the journal and not yet in their table, oldest first and without gaps. Readers ask it first and
/// the table second, as they do with entries. Filled by the writer's thread, read by many.
/// </summary>
/// <remarks>
/// A row comes here after the entries that it tells of have come into the tail, so who is told of them can read them. Each transaction that
/// takes entries out of the tail takes all rows out of here: while rows wait, entries do, and the bound of those bounds them, too.
/// </remarks>
internal sealed class FeedTail
{
    private readonly Lock gate = new();
    private readonly List<(FeedPiece Row, long JournalId)> waiting = [];

    /// <summary>The last position that there is, here or in the table; 0 before the first.</summary>
    public long Last { get; private set; }

    /// <summary>Begins behind the last row that stands in the table; 0 for none.</summary>
    public void Begin(long lastInTable) => Last = lastInTable;

    /// <summary>Adds a row that has become durable.</summary>
    /// <param name="row">The row; its position follows the last one.</param>
    /// <param name="journalId">The first row of the journal that may hold it.</param>
    /// <exception cref="InvalidDataException">It does not.</exception>
    public void Add(FeedPiece row, long journalId)
    {
        lock (gate)
        {
            if (row.Position != Last + 1)
                throw new InvalidDataException($"Row {row.Position} of the feed does not follow row {Last}.");
            waiting.Add((row, journalId));
            Last = row.Position;
        }
    }

    /// <summary>Rows from a position on, at most so many.</summary>
    public FeedPiece[] From(long position, int count)
    {
        lock (gate)
        {
            if (waiting.Count == 0)
                return [];
            var start = (int)Math.Clamp(position - waiting[0].Row.Position, 0, waiting.Count);
            var rows = new FeedPiece[Math.Min(count, waiting.Count - start)];
            for (var i = 0; i < rows.Length; i++)
                rows[i] = waiting[start + i].Row;
            return rows;
        }
    }

    /// <summary>The first and the last row; null when none waits.</summary>
    public (FeedPiece First, FeedPiece Last)? Ends()
    {
        lock (gate)
            return waiting.Count == 0 ? null : (waiting[0].Row, waiting[^1].Row);
    }

    /// <summary>The first row of the journal that is still needed, or null when none is: not before that of the entries that wait, as long
    /// as rows and entries leave together.</summary>
    public long? FirstJournalId()
    {
        lock (gate)
            return waiting.Count == 0 ? null : waiting[0].JournalId;
    }

    /// <summary>Lets the first rows go: they stand in the table.</summary>
    public void Remove(int count)
    {
        lock (gate)
            waiting.RemoveRange(0, count);
    }

    /// <summary>Gives back the room that many rows took here.</summary>
    public void TrimExcess()
    {
        lock (gate)
            waiting.TrimExcess();
    }
}
