using AgentBudget.StoreContract;

namespace AgentBudget.Orleans.PostgreSql.Tests.Partitions;

/// <summary>A purge leaves nothing; one that a crash broke off is gone on with.</summary>
public sealed class PurgeTests(SharedServer shared)
{
    [Fact]
    public async Task Purge_OfASession_LeavesNoRowOfItInAnyTable()
    {
        var ledger = await TestLedger.NewAsync(shared.Server);
        using var store = await ledger.StartAsync();
        var before = await RowsAsync(ledger);
        var session = new GrowingSession("session", "acme");
        await store.AppendAsync([session.Open("1")]);
        await store.AppendAsync([session.Do(new PauseCommand { Reason = "lunch" }, new ResumeCommand())]);
        await store.AppendAsync([session.Reserve("reserve"), session.Charge("key", "5")]);
        Assert.NotEqual(before, await RowsAsync(ledger));
        await store.PurgeAsync("session", session.Head.Life, session.Head.Sequence, TestContext.Current.CancellationToken);
        Assert.Equal(before, await RowsAsync(ledger));
    }

    [Fact]
    public async Task Start_PurgeThatWasBrokenOff_IsFinished()
    {
        var ledger = await TestLedger.NewAsync(shared.Server);
        using (var store = await ledger.StartAsync())
        {
            var session = new GrowingSession("session");
            var other = new GrowingSession("other");
            await store.AppendAsync([session.Open(), other.Open()]);
            await store.AppendAsync([session.Charge(Enumerable.Range(0, 3_000).Select(i => $"key-{i}"))]);
        }

        await ledger.ScalarAsync(
            """
            INSERT INTO purge_queue SELECT no FROM ledger WHERE ledger_id = 'session';
            DELETE FROM ledger_head WHERE ledger_no IN (SELECT ledger_no FROM purge_queue);
            DELETE FROM entry WHERE ledger_no IN (SELECT ledger_no FROM purge_queue) AND sequence <= 100;
            DELETE FROM ledger WHERE no IN (SELECT ledger_no FROM purge_queue);
            """
        );
        using var again = await ledger.StartAsync();

        Assert.Equal(1L, await ledger.ScalarAsync("SELECT count(*) FROM entry"));
        Assert.Equal(0L, await ledger.ScalarAsync("SELECT count(*) FROM purge_queue"));
    }

    // Every table of the schema, whatever it is called, with how many rows it has.
    private static async Task<string> RowsAsync(TestLedger ledger) =>
        (string)
            (
                await ledger.ScalarAsync(
                    """
                    SELECT string_agg(table_name || ' ' || (xpath('/row/n/text()', query_to_xml('SELECT count(*) AS n FROM ' || table_name, false, true, '')))[1], ', ' ORDER BY table_name)
                    FROM information_schema.tables WHERE table_schema = 'agentbudget' AND table_type = 'BASE TABLE'
                        -- It says numbers of ledgers and entries, and goes by its own retention.
                        AND table_name NOT LIKE 'feed%'
                    """
                )
            )!;
}
