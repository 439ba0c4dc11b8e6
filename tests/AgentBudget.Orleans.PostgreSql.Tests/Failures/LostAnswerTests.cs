using AgentBudget.Orleans.Storage;
using AgentBudget.PostgreSql.TestServer;
using AgentBudget.StoreContract;
using Npgsql;

namespace AgentBudget.Orleans.PostgreSql.Tests.Failures;

/// <summary>A batch that was written, and whose answer the network lost, is recognised and written once.</summary>
public sealed class LostAnswerTests(SharedServer shared)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Append_AnswerLostAfterTheCommit_IsRecognisedAsWritten()
    {
        var ledger = await TestLedger.NewAsync(shared.Server);
        await using var proxy = new TcpProxy(shared.Server.Port);
        using var store = await ledger.StartAsync(options => options.ConnectionStrings[0] = Through(proxy, ledger));
        GrowingSession[] sessions = [.. Enumerable.Range(0, 20).Select(i => new GrowingSession($"session-{i}"))];
        await store.AppendAsync([.. sessions.Select(session => session.Open())]);

        var lost = proxy.LoseNextAnswer();
        LedgerAppend[] batch =
        [
            .. sessions.Select(session =>
                session.Do(
                    new ChargeCommand
                    {
                        Cost = Money.Parse("1"),
                        Call = Call.Tool("search"),
                        Key = "charge",
                    },
                    new ReserveCommand
                    {
                        Amount = Money.Parse("1"),
                        Call = Call.Model("gpt-5"),
                        Key = "reserve",
                    }
                )
            ),
        ];
        var outcomes = await store.AppendAsync(batch);

        Assert.True(lost.IsCompletedSuccessfully);
        Assert.All(outcomes, outcome => Assert.Equal(AppendOutcome.Written, outcome));
        foreach (var session in sessions)
        {
            Assert.Equivalent(session.Entries, await store.ReadAsync(session.Id, 1, 100, Token), strict: true);
            Assert.Single((await store.LoadAsync(session.Id, Token))!.OpenReservations);
        }
    }

    [Fact]
    public async Task Read_AnswerLost_IsReadAgain()
    {
        var ledger = await TestLedger.NewAsync(shared.Server);
        await using var proxy = new TcpProxy(shared.Server.Port);
        using var store = await ledger.StartAsync(options => options.ConnectionStrings[0] = Through(proxy, ledger));
        var session = new GrowingSession("session");
        await store.AppendAsync([session.Open()]);
        await store.AppendAsync([session.Charge("key")]);

        // Each failed once with "The parameter already belongs to a collection" instead of being tried again.
        await LosingAnAnswerAsync(async () =>
            Assert.Equivalent(session.Entries, await store.ReadAsync("session", 1, 100, Token), strict: true)
        );
        await LosingAnAnswerAsync(async () => Assert.Equal(2, (await store.FindByKeyAsync("session", "key", Token))!.Sequence));
        await LosingAnAnswerAsync(async () => Assert.Equal(2, (await store.LoadAsync("session", Token))!.Head.Sequence));
        await LosingAnAnswerAsync(async () => Assert.Empty(await store.FindRelatedAsync("session", 2, Token)));
        await LosingAnAnswerAsync(async () => Assert.Single(await store.ListAsync(new SessionListing(), Token)));

        async Task LosingAnAnswerAsync(Func<Task> read)
        {
            var lost = proxy.LoseNextAnswer();
            await read();
            Assert.True(lost.IsCompletedSuccessfully);
        }
    }

    [Fact]
    public async Task Append_AnswerLostAndTheSessionWrittenFromElsewhere_IsFenced()
    {
        var ledger = await TestLedger.NewAsync(shared.Server);
        await using var proxy = new TcpProxy(shared.Server.Port);
        using var store = await ledger.StartAsync(options =>
        {
            options.ConnectionStrings[0] = Through(proxy, ledger);
            options.RetryFor = TimeSpan.Zero;
        });
        using var other = await ledger.StartAsync();
        var session = new GrowingSession("session");
        await store.AppendAsync([session.Open()]);
        var lost = proxy.LoseNextAnswer();
        var append = session.Charge("mine");
        await Assert.ThrowsAsync<LedgerStoreUnavailableException>(async () => await store.AppendAsync([append]));
        Assert.True(lost.IsCompletedSuccessfully);

        // It is not known here that it was written; another silo takes the session up and goes on.
        Assert.Equal(AppendOutcome.Written, Assert.Single(await other.AppendAsync([session.Charge("theirs")])));
        Assert.Equal(AppendOutcome.Fenced, Assert.Single(await store.AppendAsync([append])));
        Assert.Equivalent(session.Entries, await store.ReadAsync("session", 1, 100, Token), strict: true);
    }

    [Fact]
    public async Task Read_ConnectionsCutBetweenCalls_AreMadeAnew()
    {
        var ledger = await TestLedger.NewAsync(shared.Server);
        await using var proxy = new TcpProxy(shared.Server.Port);
        using var store = await ledger.StartAsync(options => options.ConnectionStrings[0] = Through(proxy, ledger));
        var session = new GrowingSession("session");
        await store.AppendAsync([session.Open()]);
        for (var round = 0; round < 3; round++)
        {
            proxy.Cut();
            Assert.NotNull(await store.LoadAsync("session", Token));
            proxy.Cut();
            Assert.Equal(AppendOutcome.Written, Assert.Single(await store.AppendAsync([session.Charge()])));
        }
    }

    private static string Through(TcpProxy proxy, TestLedger ledger) =>
        new NpgsqlConnectionStringBuilder(ledger.ConnectionStrings[0]) { Port = proxy.Port }.ConnectionString;
}
