using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace AgentBudget.Orleans.Sqlite.Verification;

/// <summary>
/// A table whose rows are verified whenever they are read. A row ends with a checksum over its columns; where parts of it are written
/// apart, each part ends with one, over the columns that name the row and those of the part.
/// </summary>
/// <param name="Name">Its name.</param>
/// <param name="Identity">How many columns at the beginning name the row.</param>
/// <param name="Checksums">Where the checksums stand; the last one ends the row.</param>
internal sealed record LedgerTable(string Name, int Identity, params int[] Checksums)
{
    private const int Integer = 1;
    private const int Text = 3;
    private const int Blob = 4;
    private const int Null = 5;

    public static readonly LedgerTable Heads = new("ledger_head", 1, 5, 19, 21, 23);
    public static readonly LedgerTable SideRows = new("side_row", 4, 8, 10);
    public static readonly LedgerTable Entries = new("entry", 1, 14);
    public static readonly LedgerTable Journal = new("journal", 1, 2);
    public static readonly LedgerTable Feed = new("feed", 1, 4);
    public static readonly LedgerTable FeedConsumers = new("feed_consumer", 1, 5);
    public static readonly LedgerTable Deliveries = new("delivery", 2, 3);
    public static readonly LedgerTable SetAside = new("set_aside", 2, 4);

    /// <summary>Those that the journal is spread over. Journal and what is set aside are verified whenever they are taken up.</summary>
    public static readonly LedgerTable[] Spread =
    [
        Heads,
        SideRows,
        Entries,
        new("entry_run", 2, 6),
        new("entry_key", 2, 3),
        new("entry_related", 3, 3),
        new("purge_queue", 1, 1),
        Feed,
        FeedConsumers,
        Deliveries,
    ];

    /// <summary>Whether the row that a statement stands on is as it was written.</summary>
    /// <param name="row">The statement.</param>
    /// <param name="first">The column of it at which the table's columns begin, all of them and in their order.</param>
    public bool IsWhole(sqlite3_stmt row, int first = 0)
    {
        var partAt = Identity;
        foreach (var end in Checksums)
        {
            var checksum = new RowChecksum();
            for (var column = 0; column < Identity; column++)
                Add(ref checksum, row, first + column);
            for (var column = partAt; column < end; column++)
                Add(ref checksum, row, first + column);
            var isThere = raw.sqlite3_column_type(row, first + end) == Integer;
            if (!isThere || raw.sqlite3_column_int64(row, first + end) != checksum.Value)
                return false;
            partAt = end + 1;
        }

        return true;
    }

    /// <exception cref="DamagedRowException">It is not.</exception>
    public void Verify(SqliteDataReader row, int first = 0)
    {
        if (!IsWhole(row.Handle!, first))
            throw new DamagedRowException(this, raw.sqlite3_column_int64(row.Handle!, first));
    }

    private static void Add(ref RowChecksum checksum, sqlite3_stmt row, int column)
    {
        switch (raw.sqlite3_column_type(row, column))
        {
            case Integer:
                checksum.Add(raw.sqlite3_column_int64(row, column));
                break;
            case Text:
                checksum.AddText(raw.sqlite3_column_blob(row, column));
                break;
            case Blob:
                checksum.AddBlob(raw.sqlite3_column_blob(row, column));
                break;
            case Null:
                checksum.AddNull();
                break;
        }
    }
}

/// <summary>A row is not as it was written.</summary>
/// <param name="table">Its table.</param>
/// <param name="number">Its first column, as it is now.</param>
internal sealed class DamagedRowException(LedgerTable table, long number)
    : Exception(FormattableString.Invariant($"In the table {table.Name}, the row that begins with {number} is not as it was written."));
