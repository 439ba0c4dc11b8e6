using AgentBudget.StoreContract;

namespace AgentBudget.Orleans.PostgreSql.Tests.Partitions;

/// <summary>A purge that a crash broke off is gone on with.</summary>
public sealed class PurgeTests(SharedServer shared)
{
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
            INSERT INTO purge_queue SELECT no FROM session WHERE session_id = 'session';
            DELETE FROM session_head WHERE session_no IN (SELECT session_no FROM purge_queue);
            DELETE FROM entry WHERE session_no IN (SELECT session_no FROM purge_queue) AND sequence <= 100;
            DELETE FROM session WHERE no IN (SELECT session_no FROM purge_queue);
            """);
        using var again = await ledger.StartAsync();

        Assert.Equal(1L, await ledger.ScalarAsync("SELECT count(*) FROM entry"));
        Assert.Equal(0L, await ledger.ScalarAsync("SELECT count(*) FROM purge_queue"));
    }
}
