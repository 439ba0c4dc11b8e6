using System.Collections.Concurrent;
using AgentBudget.PostgreSql.TestServer;
using Microsoft.Extensions.Options;
using Npgsql;

[assembly: AssemblyFixture(typeof(AgentBudget.Orleans.PostgreSql.Tests.SharedServer))]

namespace AgentBudget.Orleans.PostgreSql.Tests;

/// <summary>One PostgreSQL for all tests that leave it running; each takes databases of its own.</summary>
public sealed class SharedServer : IAsyncLifetime
{
    private readonly ConcurrentDictionary<int, ConcurrentBag<TestLedger>> used = [];
    private PostgreSqlServer? server;

    public PostgreSqlServer Server => server ?? throw new InvalidOperationException("The server is started before the tests.");

    public async ValueTask InitializeAsync() =>
        server = await PostgreSqlServer.StartNewAsync(CancellationToken.None, "checkpoint_timeout=1h", "max_wal_size=4GB");

    /// <summary>A ledger with nothing in it. Making and dropping a database costs many syncs, so databases that were used are
    /// emptied.</summary>
    public async Task<TestLedger> EmptyLedgerAsync(int partitions)
    {
        if (used.GetOrAdd(partitions, _ => []).TryTake(out var ledger))
            return ledger;
        return await TestLedger.NewAsync(Server, partitions);
    }

    /// <summary>Gives a ledger back, whose schema is as it was shipped.</summary>
    public async Task ReturnAsync(TestLedger ledger)
    {
        for (var i = 0; i < ledger.ConnectionStrings.Count; i++)
        {
            await ledger.ScalarAsync(
                "DELETE FROM ledger; DELETE FROM ledger_head; DELETE FROM entry; DELETE FROM side_row; DELETE FROM purge_queue; "
                    + "DELETE FROM feed; DELETE FROM feed_arrival; DELETE FROM feed_consumer; DELETE FROM delivery; "
                    + "UPDATE feed_end SET position = 0",
                i
            );
        }

        used[ledger.ConnectionStrings.Count].Add(ledger);
    }

    public ValueTask DisposeAsync() => server?.DisposeAsync() ?? ValueTask.CompletedTask;
}

/// <summary>The databases of one test, as the partitions of a ledger.</summary>
public sealed class TestLedger
{
    private readonly List<string> connectionStrings = [];

    public IReadOnlyList<string> ConnectionStrings => connectionStrings;

    public static async Task<TestLedger> NewAsync(PostgreSqlServer server, int partitions = 1)
    {
        var ledger = new TestLedger();
        for (var i = 0; i < partitions; i++)
            ledger.connectionStrings.Add(await server.CreateDatabaseAsync(CancellationToken.None));
        return ledger;
    }

    /// <summary>Options that name the databases.</summary>
    public PostgreSqlLedgerOptions NewOptions() => new() { ConnectionStrings = [.. connectionStrings] };

    /// <summary>A store on the databases; not started.</summary>
    public PostgreSqlLedgerStore NewStore(Action<PostgreSqlLedgerOptions>? configure = null)
    {
        var options = NewOptions();
        configure?.Invoke(options);
        return new PostgreSqlLedgerStore(Options.Create(options));
    }

    public async Task<PostgreSqlLedgerStore> StartAsync(Action<PostgreSqlLedgerOptions>? configure = null)
    {
        var store = NewStore(configure);
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

    /// <summary>Looks into, or changes, a database behind the store's back.</summary>
    public async Task<object?> ScalarAsync(string sql, int partition = 0)
    {
        await using var connection = new NpgsqlConnection(connectionStrings[partition] + ";Pooling=false;Search Path=agentbudget");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
#pragma warning disable CA2100 // The text is the test's own.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }
}
