using AgentBudget.Orleans.Sqlite.Feed;
using AgentBudget.Orleans.Sqlite.Verification;
using AgentBudget.Orleans.Storage;
using Microsoft.Data.Sqlite;

namespace AgentBudget.Orleans.Sqlite.Journal;

/// <summary>
/// Fills the tail, entries and rows of the feed, from the journal that an earlier process left, or that another one is writing: heads are
/// the fold of their entries,
/// so those in the tables are brought forward by the entries behind them. A row that is damaged is the ledger's fault; entries that do
/// not follow from the tables are their session's, and fail nobody else.
/// </summary>
internal sealed class JournalRecovery(SqliteConnection connection, string filePath, JournalTail tail)
{
    // The last row of the feed that stands in its table.
    private long feedThrough;

    /// <summary>Reads the whole journal, and what is set aside.</summary>
    /// <returns>The last row.</returns>
    /// <exception cref="LedgerStoreUnavailableException">A row is damaged or missing.</exception>
    public long Run()
    {
        using var transaction = connection.BeginTransaction(deferred: true);
        return Fill();
    }

    /// <summary>Does the same within the transaction that is open.</summary>
    public long Fill()
    {
        ReadSetAside();
        return ReadJournal();
    }

    // First: what was set aside is the older part, and stands in the journal, too, until that is trimmed.
    private void ReadSetAside()
    {
        using var command = Command("SELECT * FROM set_aside ORDER BY ledger_no, first_sequence");
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            var (number, ledgerId) = (rows.GetInt64(0), rows.GetString(2));
            Recover(rows, LedgerTable.SetAside, 3, $"where session number {number} is set aside", ledgerId);
        }
    }

    private long ReadJournal()
    {
        using var command = Command("SELECT * FROM journal ORDER BY id");
        using var rows = command.ExecuteReader();
        var last = 0L;
        feedThrough = FeedTable.LastOf(connection);
        tail.Feed.Begin(feedThrough);
        while (rows.Read())
        {
            var id = rows.GetInt64(0);
            // Rows go from the front alone.
            if (last != 0 && id != last + 1)
                throw Damaged($"in row {last + 1} of its journal, which is missing", null);
            last = id;
            Recover(rows, LedgerTable.Journal, 1, $"in row {id} of its journal", null);
        }

        return last;
    }

    private void Recover(SqliteDataReader row, LedgerTable table, int payloadAt, string place, string? keptAs)
    {
        try
        {
            table.Verify(row);
            var (number, payload) = (row.GetInt64(0), (byte[])row[payloadAt]);
            for (var at = 0; at < payload.Length; )
                at = RecoverPiece(payload, at, number, keptAs);
        }
        catch (Exception exception) when (exception is not (SqliteException or OutOfMemoryException))
        {
            // Whatever bytes that make no sense lead to: lengths, numbers, texts.
            throw Damaged(place, exception);
        }
    }

    private int RecoverPiece(byte[] payload, int at, long number, string? keptAs)
    {
        var piece = new JournalPiece(payload.AsSpan(at));
        if (piece.LedgerNo == FeedPiece.NoLedger)
            return RecoverFeed(payload, at, number, keptAs);
        var (no, appendId, count) = (piece.LedgerNo, piece.AppendId, piece.Count);
        var dueAt = new DateTimeOffset(piece.DueAtUtcTicks, TimeSpan.Zero);
        if (count <= 0)
            throw new InvalidDataException("A piece has no entries.");
        at += JournalPiece.HeaderBytes;
        var fold = BeginFold(no, keptAs);
        var entries = new List<TailEntry>();
        for (; count > 0; count--)
        {
            var packed = new PackedEntry(payload.AsSpan(at));
            if (!packed.IsWhole)
                throw new InvalidDataException("An entry is cut off.");
            if (packed.Sequence > fold.Through)
            {
                fold.Follow(packed.ToEntry());
                entries.Add(new TailEntry(payload, at, packed.Sequence, packed.HasKey ? packed.KeyHash : null));
            }

            at += packed.Length;
        }

        if (entries.Count == 0)
            return at;
        tail.Add(
            no,
            keptAs is null ? number : 0,
            System.Runtime.InteropServices.CollectionsMarshal.AsSpan(entries),
            fold.Head,
            appendId,
            dueAt
        );
        if (keptAs is not null || fold.Failure is not null)
            tail.Recovered(no, keptAs is not null, fold.Failure);
        return at;
    }

    private int RecoverFeed(byte[] payload, int at, long number, string? keptAs)
    {
        if (keptAs is not null)
            throw new InvalidDataException("A row of the feed stands among entries that are set aside.");
        var row = FeedPiece.Read(payload, at);
        if (row.Position > feedThrough)
            tail.Feed.Add(row, number);
        return at + row.Length;
    }

    private HeadFold BeginFold(long no, string? keptAs)
    {
        if (tail.Find(no) is { } waiting)
            return new HeadFold(waiting.Head, waiting.Entries[^1].Sequence, waiting.IsHeadKnown ? null : waiting.Failure);
        try
        {
            if (HeadRows.Find(connection, no) is { } head)
            {
                // What is set aside never stands in the tables, so none of it is passed over.
                return new HeadFold(head, keptAs is null ? head.Sequence : 0, null);
            }
        }
        catch (Exception exception) when (exception is not (SqliteException or OutOfMemoryException))
        {
            return new HeadFold(new SessionHead { SessionId = keptAs ?? HeadRows.FindId(connection, no)! }, 0, exception);
        }

        // A session that was purged has no head any more; one that is set aside cannot have been.
        return keptAs is null
            ? new HeadFold(new SessionHead { SessionId = "" }, long.MaxValue, null)
            : new HeadFold(new SessionHead { SessionId = keptAs }, 0, new InvalidDataException("It has no row in the table of heads."));
    }

    private LedgerStoreUnavailableException Damaged(string place, Exception? cause) =>
        new($"The ledger {filePath} is damaged, {place}; restore it from a backup.{(cause is null ? "" : $" ({cause.Message})")}", cause);

    private SqliteCommand Command(string sql)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        return command;
    }

    /// <summary>A head that is brought forward, as long as entries follow from it.</summary>
    private sealed class HeadFold(SessionHead head, long through, Exception? failure)
    {
        public SessionHead Head { get; private set; } = head;

        /// <summary>The last entry that is there already.</summary>
        public long Through => through;

        public Exception? Failure { get; private set; } = failure;

        public void Follow(Entry entry)
        {
            if (Failure is not null)
                return;
            try
            {
                var next = Head.After(entry);
                if (next.Standing != entry.After)
                    throw new LedgerLawViolationException(
                        $"Entry {entry.Sequence} leads to {next.Standing}, but was written as leading to {entry.After} (L1)."
                    );
                Head = next;
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                Failure = exception;
            }
        }
    }
}
