using AgentBudget.Orleans.Sqlite.Verification;
using AgentBudget.Orleans.Storage;
using AgentBudget.Orleans.Storage.Json;
using Microsoft.Data.Sqlite;

namespace AgentBudget.Orleans.Sqlite;

/// <summary>The table of rows beside timelines: open reservations, and holders, open and closed. Written by the writer's thread
/// alone.</summary>
internal sealed class SideTable : IDisposable
{
    private const string OfOpenRow = "WHERE ledger_no = ? AND is_open = 1 AND kind = ? AND number = ?";

    private readonly LedgerJsonWriter json;
    private readonly Statement put;
    private readonly Statement move;
    private readonly Statement remove;

    public SideTable(SqliteConnection connection, LedgerJsonWriter json)
    {
        this.json = json;
        put = new Statement(connection, "INSERT OR REPLACE INTO side_row VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
        move = new Statement(connection, $"UPDATE side_row SET at = ?, at_checksum = ? {OfOpenRow}");
        remove = new Statement(connection, $"DELETE FROM side_row {OfOpenRow}");
    }

    /// <summary>Does to the table what an entry does.</summary>
    public void Follow(long ledgerNo, in SideChange change)
    {
        switch (change.Step)
        {
            case SideStep.Put:
                Put(ledgerNo, change.Row!);
                break;
            case SideStep.Move:
                move.Cover(ledgerNo).Cover(1).Cover((long)change.Kind).Cover(change.Number).Bind(change.At).BindChecksum();
                Run(move, ledgerNo, change.Kind, change.Number);
                break;
            case SideStep.Remove:
                Run(remove, ledgerNo, change.Kind, change.Number);
                break;
        }
    }

    /// <summary>The open rows of a ledger.</summary>
    public static SideRows ReadOpen(SqliteConnection connection, long ledgerNo) => Read(connection, "is_open = 1", ("$no", ledgerNo));

    /// <summary>The rows of a name and life, open and closed.</summary>
    public static SideRows ReadOf(SqliteConnection connection, long ledgerNo, string name, long life) =>
        Read(connection, "name = $name AND life = $life", ("$no", ledgerNo), ("$name", name), ("$life", life));

    /// <summary>Holders' rows that are closed, by number, behind one of them.</summary>
    public static SideRows ReadClosed(SqliteConnection connection, long ledgerNo, long afterNumber, int count) =>
        Read(
            connection,
            "is_open = 0 AND kind = $kind AND number > $after ORDER BY number LIMIT $count",
            ("$no", ledgerNo),
            ("$kind", (long)SideRowKind.Holder),
            ("$after", afterNumber),
            ("$count", count)
        );

    /// <summary>Deletes holders' rows that are closed.</summary>
    public static int DropClosed(SqliteConnection connection, long ledgerNo, IReadOnlyList<long> numbers)
    {
        using var transaction = connection.BeginTransaction();
        using var delete = new Statement(
            connection,
            "DELETE FROM side_row WHERE ledger_no = ? AND is_open = 0 AND kind = ? AND number = ?"
        );
        foreach (var number in numbers)
            Run(delete, ledgerNo, SideRowKind.Holder, number);
        transaction.Commit();
        return numbers.Count;
    }

    public void Reset()
    {
        put.Reset();
        move.Reset();
        remove.Reset();
    }

    public void Dispose()
    {
        put.Dispose();
        move.Dispose();
        remove.Dispose();
    }

    private void Put(long ledgerNo, SideRow row)
    {
        // A row that is closed moves: what is open stands together, and is loaded without coming past what is not.
        if (!row.IsOpen)
            Run(remove, ledgerNo, row.Kind, row.Number);
        put.Bind(ledgerNo)
            .Bind(row.IsOpen ? 1 : 0)
            .Bind((long)row.Kind)
            .Bind(row.Number)
            .Bind(row.Name)
            .Bind(row.Life)
            .Bind(row.Reserved)
            .BindUtf8(json.Write(row))
            .BindChecksum()
            .Cover(ledgerNo)
            .Cover(row.IsOpen ? 1 : 0)
            .Cover((long)row.Kind)
            .Cover(row.Number)
            .Bind(row.At)
            .BindChecksum()
            .Run();
    }

    private static void Run(Statement statement, long ledgerNo, SideRowKind kind, long number) =>
        statement.Bind(ledgerNo).Bind((long)kind).Bind(number).Run();

    private static SideRows Read(SqliteConnection connection, string which, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT * FROM side_row WHERE ledger_no = $no AND {which}";
        foreach (var (name, value) in parameters)
            command.Parameters.AddWithValue(name, value);
        using var reader = command.ExecuteReader();
        var rows = new SideRows();
        while (reader.Read())
        {
            LedgerTable.SideRows.Verify(reader);
            rows.Put(
                SideRow.Stored(
                    (SideRowKind)reader.GetByte(2),
                    reader.GetInt64(3),
                    reader.IsDBNull(4) ? null : reader.GetString(4),
                    LedgerRows.MoneyAt(reader, 6),
                    LedgerRows.TimeAt(reader, 9),
                    LedgerRows.Utf8At(reader, 7)
                )
            );
        }

        return rows;
    }
}
