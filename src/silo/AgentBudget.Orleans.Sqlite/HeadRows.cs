using AgentBudget.Orleans.Sqlite.Verification;
using AgentBudget.Orleans.Storage;
using Microsoft.Data.Sqlite;

namespace AgentBudget.Orleans.Sqlite;

/// <summary>The rows of the table of heads.</summary>
internal static class HeadRows
{
    public const string Columns = """
        ledger_id, sequence, budget_nano_usd, spent_nano_usd, reserved_nano_usd, open_reason, paused_by, end_reason, opened_at,
        last_entry_at, last_activity_at, ended_at, options, detail, due_at, no, trimmed_through, ledger_head.*
        """;

    public const int DueAt = LedgerRows.HeadWidth;
    public const int NoAt = DueAt + 1;
    public const int TrimmedAt = NoAt + 1;

    // Where the whole row begins, for its checksum.
    public const int HeadRowAt = TrimmedAt + 1;

    /// <summary>The head in the tables under a session's number, or null; for recovery.</summary>
    public static SessionHead? Find(SqliteConnection connection, long ledgerNo)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {Columns} FROM ledger_head WHERE no = $no";
        command.Parameters.AddWithValue("$no", ledgerNo);
        using var reader = command.ExecuteReader();
        if (!reader.Read())
            return null;
        var head = Read(reader);
        return head.Sequence == 0 ? new SessionHead { SessionId = head.SessionId } : head;
    }

    /// <summary>The id under a session's number, or null; for recovery.</summary>
    public static string? FindId(SqliteConnection connection, long ledgerNo)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT ledger_id FROM ledger_head WHERE no = $no";
        command.Parameters.AddWithValue("$no", ledgerNo);
        return command.ExecuteScalar() as string;
    }

    /// <summary>The head in a row of <see cref="Columns"/>, after a look at its checksum.</summary>
    public static SessionHead Read(SqliteDataReader reader)
    {
        LedgerTable.Heads.Verify(reader, HeadRowAt);
        return LedgerRows.ReadHead(reader);
    }
}
