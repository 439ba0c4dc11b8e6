using AgentBudget.Orleans.Sqlite.Journal;
using AgentBudget.Orleans.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentBudget.Orleans.Sqlite.Tests.Storage;

/// <summary>A folder of one test, with a ledger in it.</summary>
public sealed class LedgerFolder : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("agentbudget-sqlite-");

    public string Path => folder.FullName;

    public string FilePath => Within(SqliteLedgerOptions.FileName);

    public string Within(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>A store on the folder, or on a path within it; not started.</summary>
    public SqliteLedgerStore NewStore(
        string? path = null,
        bool isReadOnly = false,
        ILogger<SqliteLedgerStore>? logger = null,
        bool verifyAtStart = true
    ) =>
        new(
            Options.Create(
                new SqliteLedgerOptions
                {
                    Path = path ?? Path,
                    IsReadOnly = isReadOnly,
                    VerifyAtStart = verifyAtStart,
                }
            ),
            logger
        );

    public async Task<SqliteLedgerStore> StartAsync(
        string? path = null,
        bool isReadOnly = false,
        ILogger<SqliteLedgerStore>? logger = null,
        bool verifyAtStart = true
    )
    {
        var store = NewStore(path, isReadOnly, logger, verifyAtStart);
        try
        {
            await store.StartAsync(TestContext.Current.CancellationToken);
            return store;
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>Looks into a database beside the store.</summary>
    public long Scalar(string sql, string? file = null)
    {
        using var connection = Open(file);
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Changes a database behind the store's back.</summary>
    public void Execute(string sql, string? file = null)
    {
        using var connection = Open(file);
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>Adds a row behind the store's back, with the checksums that it has to have.</summary>
    internal void Insert(string table, Action<Statement> bind, string? file = null)
    {
        using var connection = Open(file);
        var columns = SqliteSchema.Scalar(connection, $"SELECT count(*) FROM pragma_table_info('{table}')");
        using var insert = new Statement(
            connection,
            $"INSERT OR REPLACE INTO {table} VALUES (?{string.Concat(Enumerable.Repeat(", ?", (int)columns - 1))})"
        );
        bind(insert);
        insert.Run();
    }

    /// <summary>Writes batches of one append each and ends before anything of them gets into the tables, as a process that is
    /// killed.</summary>
    public void WriteToJournal(params LedgerAppend[] appends)
    {
        using var connection = Open(null);
        var tail = new JournalTail(TimeProvider.System);
        using var appender = new SqliteAppender(connection, tail, new JournalRecovery(connection, FilePath, tail).Run());
        foreach (var append in appends)
            Assert.Equal([AppendOutcome.Written], appender.Append([append]));
    }

    /// <summary>The payload of a row of the journal.</summary>
    public byte[] JournalPayload(long id)
    {
        using var connection = Open(null);
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT payload FROM journal WHERE id = $id";
        command.Parameters.AddWithValue("$id", id);
        return (byte[])command.ExecuteScalar()!;
    }

    /// <summary>
    /// Copies what a process leaves on the disk that ends now: the file and its log, without a checkpoint.
    /// </summary>
    /// <param name="name">A folder for it, within this one.</param>
    /// <param name="from">The file; that of the folder by default.</param>
    /// <returns>The file there.</returns>
    public string CopyAsLeft(string name, string? from = null)
    {
        Directory.CreateDirectory(Within(name));
        var to = System.IO.Path.Combine(Within(name), SqliteLedgerOptions.FileName);
        foreach (var suffix in new[] { "", "-wal" })
        {
            if (File.Exists((from ?? FilePath) + suffix))
                File.Copy((from ?? FilePath) + suffix, to + suffix, overwrite: true);
            else
                File.Delete(to + suffix);
        }

        return to;
    }

    public void Dispose() => folder.Delete(recursive: true);

    private SqliteConnection Open(string? file)
    {
        var connection = new SqliteConnection($"Data Source={file ?? FilePath};Pooling=False");
        connection.Open();
        return connection;
    }
}
