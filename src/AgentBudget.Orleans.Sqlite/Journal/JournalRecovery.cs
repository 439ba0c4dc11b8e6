using AgentBudget.Ledger;
using AgentBudget.Orleans.Storage;
using Microsoft.Data.Sqlite;

namespace AgentBudget.Orleans.Sqlite;

/// <summary>
/// Fills the tail from the journal that an earlier process left, or that another one is writing: heads are the fold of their entries,
/// so those in the tables are brought forward by the entries behind them.
/// </summary>
internal sealed class JournalRecovery(SqliteConnection connection, string filePath, JournalTail tail)
{
    /// <summary>Reads the whole journal.</summary>
    /// <returns>The last row.</returns>
    /// <exception cref="LedgerStoreUnavailableException">What stands in the journal does not follow from what stands in the tables.</exception>
    public long Run()
    {
        using var transaction = connection.BeginTransaction(deferred: true);
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT id, payload FROM journal ORDER BY id";
        using var rows = command.ExecuteReader();
        var last = 0L;
        while (rows.Read())
        {
            last = rows.GetInt64(0);
            try
            {
                Recover(last, (byte[])rows[1]);
            }
            catch (Exception exception) when (exception is LedgerLawViolationException or ArgumentException or System.Text.Json.JsonException)
            {
                throw new LedgerStoreUnavailableException($"The ledger {filePath} is damaged, in row {last} of its journal; restore it from a backup.", exception);
            }
        }

        return last;
    }

    private void Recover(long journalId, byte[] payload)
    {
        for (var at = 0; at < payload.Length;)
        {
            var piece = new JournalPiece(payload.AsSpan(at));
            var count = piece.Count;
            var (no, appendId, dueAt) = (piece.SessionNo, piece.AppendId, new DateTimeOffset(piece.DueAtUtcTicks, TimeSpan.Zero));
            at += JournalPiece.HeaderBytes;
            var head = tail.Find(no)?.Head ?? SqliteReader.FindHead(connection, no);
            var entries = new List<TailEntry>(count);
            for (var i = 0; i < count; i++)
            {
                var packed = new PackedEntry(payload.AsSpan(at));
                // A session that was purged has no head any more, and what the tables hold already is passed over.
                if (head is not null && packed.Sequence > head.Sequence)
                {
                    head = Follow(head, packed.ToEntry());
                    entries.Add(new TailEntry(payload, at, packed.Sequence, packed.HasKey ? packed.KeyHash : null));
                }

                at += packed.Length;
            }

            if (entries.Count > 0)
                tail.Add(no, journalId, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(entries), head!, appendId, dueAt);
        }
    }

    private static SessionHead Follow(SessionHead head, Entry entry)
    {
        var next = head.After(entry);
        if (next.Standing != entry.After)
            throw new LedgerLawViolationException($"Entry {entry.Sequence} leads to {next.Standing}, but was written as leading to {entry.After} (L1).");
        return next;
    }
}
