using Microsoft.Data.Sqlite;

namespace AgentBudget.Orleans.Sqlite.Journal;

/// <summary>
/// The table of sessions that are set aside. What of them stands in the journal moves there, in pieces as the journal has them, so that
/// the journal can be trimmed and nothing is lost. Used by the writer's thread alone, within its transactions.
/// </summary>
internal sealed class KeptSessions(SqliteConnection connection) : IDisposable
{
    private const int PieceBytes = 64 * 1024;

    private readonly Statement insert = new(connection, "INSERT INTO set_aside VALUES (?, ?, ?, ?, ?)");
    private readonly Statement delete = new(connection, "DELETE FROM set_aside WHERE ledger_no = ?");

    /// <summary>Writes all of a session that the journal holds, in place of what was written of it before.</summary>
    /// <returns>Its entries, as they lie in what was written.</returns>
    public TailEntry[] Keep(TailSnapshot session)
    {
        Remove(session.No);
        var kept = new List<TailEntry>(session.Entries.Count);
        while (kept.Count < session.Entries.Count)
        {
            var first = session.Entries[kept.Count].Sequence;
            var piece = NextPiece(session, kept);
            insert.Bind(session.No).Bind(first).Bind(session.Head.SessionId).BindBlob(piece).BindChecksum().Run();
        }

        return [.. kept];
    }

    /// <summary>Deletes what was written of a session.</summary>
    public void Remove(long ledgerNo) => delete.Bind(ledgerNo).Run();

    /// <summary>Makes the statements ready for use after a failure.</summary>
    public void Reset()
    {
        insert.Reset();
        delete.Reset();
    }

    public void Dispose()
    {
        insert.Dispose();
        delete.Dispose();
    }

    private static byte[] NextPiece(TailSnapshot session, List<TailEntry> kept)
    {
        var size = JournalPiece.HeaderBytes;
        var count = 0;
        for (var i = kept.Count; i < session.Entries.Count && (count == 0 || size < PieceBytes); i++, count++)
            size += session.Entries[i].Packed.Length;
        var piece = new byte[size];
        JournalPiece.WriteHeader(piece, session.No, session.AppendId, session.DueAt.UtcTicks);
        JournalPiece.WriteCount(piece, count);
        var at = JournalPiece.HeaderBytes;
        for (; count > 0; count--)
        {
            var entry = session.Entries[kept.Count];
            var bytes = entry.Bytes.AsSpan(entry.Offset, entry.Packed.Length);
            bytes.CopyTo(piece.AsSpan(at));
            kept.Add(entry with { Bytes = piece, Offset = at });
            at += bytes.Length;
        }

        return piece;
    }
}
