using AgentBudget.Orleans.Sqlite.Verification;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace AgentBudget.Orleans.Sqlite;

/// <summary>
/// A prepared statement on the writer's connection, used by its thread alone. It goes straight to the library beneath
/// Microsoft.Data.Sqlite, because boxing and naming of parameters cost as much as the insert itself.
/// </summary>
internal sealed class Statement : IDisposable
{
    private const int Ok = 0;
    private const int Done = 101;
    private const int Row = 100;

    private readonly sqlite3 database;
    private readonly sqlite3_stmt statement;
    private int next = 1;
    private RowChecksum checksum = new();

    public Statement(SqliteConnection connection, string sql)
    {
        database = connection.Handle!;
        Check(raw.sqlite3_prepare_v2(database, sql, out statement));
    }

    public Statement Bind(long value)
    {
        checksum.Add(value);
        Check(raw.sqlite3_bind_int64(statement, next++, value));
        return this;
    }

    public Statement Bind(Money value) => Bind(value.NanoDollars);

    public Statement Bind(DateTimeOffset value) => Bind(value.UtcTicks);

    public Statement Bind(string? value) => value is null ? BindNull() : BindUtf8(System.Text.Encoding.UTF8.GetBytes(value));

    public Statement BindUtf8(ReadOnlySpan<byte> value)
    {
        checksum.AddText(value);
        Check(raw.sqlite3_bind_text(statement, next++, value));
        return this;
    }

    public Statement BindBlob(ReadOnlySpan<byte> value)
    {
        checksum.AddBlob(value);
        Check(raw.sqlite3_bind_blob(statement, next++, value));
        return this;
    }

    public Statement BindNull()
    {
        checksum.AddNull();
        Check(raw.sqlite3_bind_null(statement, next++));
        return this;
    }

    /// <summary>Takes a column into the next checksum that is not bound there: one that names the row.</summary>
    public Statement Cover(long value)
    {
        checksum.Add(value);
        return this;
    }

    /// <summary>Binds the checksum of what was bound and covered since the last one.</summary>
    public Statement BindChecksum()
    {
        var value = checksum.Value;
        checksum = new RowChecksum();
        Check(raw.sqlite3_bind_int64(statement, next++, value));
        return this;
    }

    /// <summary>Runs the statement and says how many rows it changed.</summary>
    public int Run()
    {
        try
        {
            var result = raw.sqlite3_step(statement);
            if (result is not (Done or Row))
                Check(result);
            return raw.sqlite3_changes(database);
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>Runs the statement and gives the first column of its first row, or null.</summary>
    public long? First()
    {
        try
        {
            var result = raw.sqlite3_step(statement);
            if (result == Row)
                return raw.sqlite3_column_int64(statement, 0);
            if (result != Done)
                Check(result);
            return null;
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>Runs the statement and makes something of its first row; null without one.</summary>
    public T? First<T>(Func<StatementRow, T> read)
        where T : class
    {
        try
        {
            var result = raw.sqlite3_step(statement);
            if (result == Row)
                return read(new StatementRow(statement));
            if (result != Done)
                Check(result);
            return null;
        }
        finally
        {
            Reset();
        }
    }

    public void Dispose() => statement.Dispose();

    /// <summary>
    /// Makes the statement ready for use. It is so after each run; after a failure between two binds it is not, and would bind in the
    /// wrong places for ever.
    /// </summary>
    public void Reset()
    {
        raw.sqlite3_reset(statement);
        next = 1;
        checksum = new RowChecksum();
    }

    private void Check(int result)
    {
        if (result != Ok)
            SqliteException.ThrowExceptionForRC(result, database);
    }
}

/// <summary>A row that a statement stands on.</summary>
internal readonly struct StatementRow(sqlite3_stmt statement)
{
    public long Number(int column) => raw.sqlite3_column_int64(statement, column);

    public string Text(int column) => raw.sqlite3_column_text(statement, column).utf8_to_string();
}
