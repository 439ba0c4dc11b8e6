using AgentBudget.Orleans.Sqlite.Verification;
using AgentBudget.Orleans.Storage;
using AgentBudget.Orleans.Storage.Json;
using Microsoft.Data.Sqlite;

namespace AgentBudget.Orleans.Sqlite;

/// <summary>The table of open reservations, as the writer's thread keeps it.</summary>
internal sealed class ReservationTable : IDisposable
{
    private readonly LedgerJsonWriter json;
    private readonly Statement insert;
    private readonly Statement extend;
    private readonly Statement delete;

    public ReservationTable(SqliteConnection connection, LedgerJsonWriter json)
    {
        this.json = json;
        insert = new Statement(connection, "INSERT INTO reservation VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
        extend = new Statement(
            connection,
            "UPDATE reservation SET expires_at = ?, expiry_checksum = ? WHERE ledger_no = ? AND reservation_id = ?"
        );
        delete = new Statement(connection, "DELETE FROM reservation WHERE ledger_no = ? AND reservation_id = ?");
    }

    /// <summary>Does to the table what an entry does to the open reservations.</summary>
    public void Follow(long ledgerNo, PackedEntry packed)
    {
        switch (Reservation.EffectOf(packed.Kind))
        {
            case ReservationEffect.Opens:
                var entry = packed.ToEntry();
                insert
                    .Bind(ledgerNo)
                    .Bind(entry.Sequence)
                    .Bind(entry.Amount)
                    .Bind(entry.Child)
                    .BindUtf8(json.Write(entry.Call!))
                    .BindChecksum()
                    .Cover(ledgerNo)
                    .Cover(entry.Sequence)
                    .Bind(entry.ExpiresAt!.Value)
                    .BindChecksum()
                    .Run();
                break;
            case ReservationEffect.Extends:
                extend
                    .Cover(ledgerNo)
                    .Cover(packed.Related)
                    .Bind(packed.ToEntry().ExpiresAt!.Value)
                    .BindChecksum()
                    .Bind(ledgerNo)
                    .Bind(packed.Related)
                    .Run();
                break;
            case ReservationEffect.Ends:
                delete.Bind(ledgerNo).Bind(packed.Related).Run();
                break;
        }
    }

    /// <summary>The open reservations under a session's number.</summary>
    public static List<Reservation> Read(SqliteConnection connection, long ledgerNo)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT * FROM reservation WHERE ledger_no = $no";
        command.Parameters.AddWithValue("$no", ledgerNo);
        using var reader = command.ExecuteReader();
        var reservations = new List<Reservation>();
        while (reader.Read())
        {
            LedgerTable.Reservations.Verify(reader);
            reservations.Add(
                new Reservation(
                    reader.GetInt64(1),
                    LedgerRows.MoneyAt(reader, 2),
                    LedgerJson.ReadCall(LedgerRows.Utf8At(reader, 4)),
                    reader.IsDBNull(3) ? null : reader.GetString(3),
                    LedgerRows.TimeAt(reader, 6)
                )
            );
        }

        return reservations;
    }

    public void Reset()
    {
        insert.Reset();
        extend.Reset();
        delete.Reset();
    }

    public void Dispose()
    {
        insert.Dispose();
        extend.Dispose();
        delete.Dispose();
    }
}
