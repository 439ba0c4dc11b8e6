using AgentBudget.Orleans.PostgreSql.Tests.Clusters;
using AgentBudget.Orleans.Storage;
using AgentBudget.StoreContract;
using AgentBudget.StoreContract.Clusters;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace AgentBudget.Orleans.PostgreSql.Tests.Appending;

/// <summary>Batches that are on their way at once, from one silo to one partition.</summary>
public sealed class BatchesAtOnceTests(SharedServer shared)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Batch_WhileTheServerHoldsUpAnotherOne_IsWritten()
    {
        var ledger = await TestLedger.NewAsync(shared.Server);
        // A busy machine may take its time, and the statement that is held must not be given up meanwhile.
        using var store = await ledger.StartAsync(options => options.CommandTimeout = TimeSpan.FromMinutes(1));
        var (slow, quick) = (new GrowingSession("slow"), new GrowingSession("quick"));
        await store.AppendAsync([slow.Open(), quick.Open()]);
        Task<IReadOnlyList<AppendOutcome>> held;
        await using (var elsewhere = new NpgsqlConnection(ledger.ConnectionStrings[0] + ";Pooling=false"))
        {
            await elsewhere.OpenAsync(Token);
            await using var transaction = await elsewhere.BeginTransactionAsync(Token);
            await using var command = new NpgsqlCommand(
                "SELECT 1 FROM agentbudget.ledger_head h JOIN agentbudget.ledger l ON l.no = h.ledger_no "
                    + "WHERE l.ledger_id = 'slow' FOR UPDATE OF h",
                elsewhere
            );
            await command.ExecuteNonQueryAsync(Token);
            held = store.AppendAsync([slow.Charge("held")]).AsTask();
            await Patience.UntilAsync(async () =>
                (long)
                    (
                        await ledger.ScalarAsync(
                            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
                        )
                    )! == 1
            );
            for (var i = 0; i < 3; i++)
                Assert.Equal([AppendOutcome.Written], await store.AppendAsync([quick.Charge($"quick-{i}")]).AsTask().InTimeAsync());
            Assert.False(held.IsCompleted);
        }

        Assert.Equal([AppendOutcome.Written], await held.InTimeAsync());
        foreach (var session in new[] { slow, quick })
            Assert.Equivalent(session.Entries, await store.ReadAsync(session.Id, 1, 100, Token), strict: true);
    }

    // As two silos would, but from one: an activation that ended with its write on the way, and the next one.
    [Fact]
    public async Task Batches_ThatWriteTheSameLedgersAtOnce_LeaveEachToOneOfThem()
    {
        var ledger = await TestLedger.NewAsync(shared.Server);
        using var store = await ledger.StartAsync();
        string[] ids = [.. Enumerable.Range(0, 20).Select(i => $"session-{i}")];
        GrowingSession[] mine = [.. ids.Select(id => new GrowingSession(id))];
        GrowingSession[] others = [.. ids.Select(id => new GrowingSession(id))];
        await store.AppendAsync([.. mine.Select(session => session.Open())]);
        foreach (var session in others)
            session.Open();
        var appends = mine.Select(session => session.Charge("mine")).ToArray();
        var othersAppends = others.Select(session => session.Charge("others")).Reverse().ToArray();

        var outcomes = await Task.WhenAll(store.AppendAsync(appends).AsTask(), store.AppendAsync(othersAppends).AsTask()).InTimeAsync();

        var ofOthers = outcomes[1].Reverse().ToArray();
        for (var i = 0; i < ids.Length; i++)
        {
            Assert.NotEqual(outcomes[0][i], ofOthers[i]);
            var written = outcomes[0][i] == AppendOutcome.Written ? mine[i] : others[i];
            Assert.Equivalent(written.Entries, await store.ReadAsync(ids[i], 1, 100, Token), strict: true);
        }
    }

    [Fact]
    public async Task Sessions_FewAndBusy_AreNeverInTwoBatchesAndStandInTheFeedInOrder()
    {
        const int sessions = 3;
        const int charges = 150;
        var ledger = await TestLedger.NewAsync(shared.Server);
        using var silo = await TestCluster.StartAloneAsync(ledger, "few");
        var busy = Enumerable.Range(0, sessions).Select(i => silo.Session($"busy-{i}")).ToArray();
        foreach (var session in busy)
            await session.OpenAsync(new OpenCommand { Options = TestCluster.Budget("1000") });
        var calls = Enumerable.Range(0, sessions * charges).Select(i => busy[i % sessions].ChargeAsync(Charge($"{i}")));
        // One that was in two at once would be fenced, and its callers told that it is unavailable.
        Assert.All(await Task.WhenAll(calls), answer => Assert.True(answer.IsGranted));
        foreach (var session in busy)
            Assert.Equal(Money.FromNanoDollars(charges * 10_000_000L), (await session.StandingAsync()).Spent);

        var feed = silo.Services.GetRequiredService<ILedgerStore>().Feed;
        var lasts = new Dictionary<string, long>();
        foreach (var range in (await feed.ReadFeedAsync(0, 1, 10_000, EventKinds.All, Token)).SelectMany(row => row.Ranges))
        {
            Assert.Equal(lasts.GetValueOrDefault(range.LedgerId), range.PreviousEvent);
            lasts[range.LedgerId] = range.First + range.Count - 1;
        }

        Assert.Equal(Enumerable.Repeat(charges + 1L, sessions), lasts.Values);
        await silo.StopAsync(Token);
    }

    private static ChargeCommand Charge(string key) =>
        new()
        {
            Cost = Money.Parse("0.01"),
            Call = Call.Tool("search"),
            Key = key,
        };
}
