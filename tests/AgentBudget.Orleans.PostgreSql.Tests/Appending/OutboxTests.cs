using AgentBudget.StoreContract;

namespace AgentBudget.Orleans.PostgreSql.Tests.Appending;

/// <summary>An event waits for delivery if and only if its entry stands.</summary>
public sealed class OutboxTests(SharedServer shared)
{
    private const string Rows = "SELECT string_agg(concat_ws(' ', session_id, sequence, kind, tenant), ', ' ORDER BY id) FROM outbox";

    [Fact]
    public async Task Append_Transitions_AreEventsAndSpendIsNone()
    {
        var ledger = await TestLedger.NewAsync(shared.Server);
        using var store = await ledger.StartAsync();
        var session = new GrowingSession("session", "acme");
        await store.AppendAsync([session.Open("1")]);
        await store.AppendAsync([session.Charge("small")]);
        await store.AppendAsync([session.Reserve("reserve")]);
        await store.AppendAsync([session.Do(new PauseCommand { Reason = "lunch" }, new ResumeCommand())]);
        await store.AppendAsync([session.Charge("large", "0.65")]);
        await store.AppendAsync([session.Charge("over", "5")]);
        Assert.Equal("session 1 1 acme, session 4 11 acme, session 5 12 acme, session 7 7 acme", await ledger.ScalarAsync(Rows));
    }

    [Fact]
    public async Task Append_FencedOrSentAgain_LeavesNoFurtherEvent()
    {
        var ledger = await TestLedger.NewAsync(shared.Server);
        using var store = await ledger.StartAsync();
        var session = new GrowingSession("session");
        var open = session.Open();
        await store.AppendAsync([open]);
        await store.AppendAsync([open]);
        await store.AppendAsync([new GrowingSession("session").Open("7")]);
        Assert.Equal("session 1 1", await ledger.ScalarAsync(Rows));
    }
}
