using AgentBudget.Orleans.Storage;
using AgentBudget.StoreContract;
using AgentBudget.StoreContract.Clusters;
using Npgsql;

namespace AgentBudget.Orleans.PostgreSql.Tests.Storage;

/// <summary>Positions of the feed beside transactions that stay open: what a reader of ids would miss, and what would stop one of
/// snapshots.</summary>
public sealed class FeedOrderTests(SharedServer shared)
{
    private const string FirstRowWaits = """
        CREATE FUNCTION agentbudget.wait_for_the_test() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM pg_advisory_xact_lock(42);
            RETURN NULL;
        END $$;
        CREATE TRIGGER late AFTER INSERT ON agentbudget.feed_arrival FOR EACH ROW WHEN (NEW.id = 1)
            EXECUTE FUNCTION agentbudget.wait_for_the_test();
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Batch_WrittenLateUnderAnEarlierId_IsMissedByAReaderOfIdsAndFoundByTheFeed()
    {
        var ledger = await TestLedger.NewAsync(shared.Server);
        using var silo = await ledger.StartAsync();
        using var otherSilo = await ledger.StartAsync();
        await ledger.ScalarAsync(FirstRowWaits);
        var (late, early) = (new GrowingSession("late"), new GrowingSession("early"));
        long[] naive;
        Task<IReadOnlyList<AppendOutcome>> lateAppend;
        await using (var holding = await OpenAsync(ledger.ConnectionStrings[0]))
        {
            await ExecuteAsync(holding, "SELECT pg_advisory_lock(42)");
            lateAppend = otherSilo.AppendAsync([late.Open()]).AsTask();
            // It has its id, and is not written.
            await Patience.UntilAsync(async () =>
                (long)(await ledger.ScalarAsync("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"))! == 1
            );
            await silo.AppendAsync([early.Open()]);
            naive = await IdsAfterAsync(ledger, 0);
            Assert.Equal(["early"], await NewIdsAsync(silo, fromPosition: 1));
        }

        Assert.Equal([AppendOutcome.Written], await lateAppend.InTimeAsync());
        // The plant: who goes on after the highest id that it has seen never sees the other.
        Assert.Equal(2, Assert.Single(naive));
        Assert.Equal(1, Assert.Single(await IdsAfterAsync(ledger, 0)));
        Assert.Empty(await IdsAfterAsync(ledger, naive[^1]));
        Assert.Equal(["late"], await NewIdsAsync(silo, fromPosition: 2));
    }

    [Fact]
    public async Task Feed_TransactionsLeftOpenInThisAndAnotherDatabase_GoesOn()
    {
        var ledger = await TestLedger.NewAsync(shared.Server);
        using var silo = await ledger.StartAsync();
        await using var elsewhere = await OpenAsync(await shared.Server.CreateDatabaseAsync(Token));
        await using var here = await OpenAsync(ledger.ConnectionStrings[0]);
        foreach (var forgotten in new[] { elsewhere, here })
            await ExecuteAsync(forgotten, "BEGIN; CREATE TABLE public.forgotten (id bigint); INSERT INTO public.forgotten VALUES (1)");
        var session = new GrowingSession("session");
        await silo.AppendAsync([session.Open()]);
        await silo.AppendAsync([session.Charge("key")]);
        Assert.Equal(["session", "session"], await NewIdsAsync(silo, fromPosition: 1));
    }

    private static async Task<string[]> NewIdsAsync(PostgreSqlLedgerStore store, long fromPosition) =>
        [
            .. (await store.Feed.ReadFeedAsync(0, fromPosition, 100, EventKinds.All, Token))
                .SelectMany(row => row.Ranges)
                .Select(range => range.LedgerId),
        ];

    private static async Task<long[]> IdsAfterAsync(TestLedger ledger, long id) =>
        (long[])
            (
                await ledger.ScalarAsync(
                    FormattableString.Invariant(
                        $"SELECT coalesce(array_agg(id ORDER BY id), ARRAY[]::bigint[]) FROM agentbudget.feed_arrival WHERE id > {id}"
                    )
                )
            )!;

    private static async Task<NpgsqlConnection> OpenAsync(string connectionString)
    {
        var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync(Token);
        return connection;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
#pragma warning disable CA2100 // The text is the test's own.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(Token);
    }
}
