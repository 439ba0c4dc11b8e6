using AgentBudget.Orleans.Storage.InMemory;
using AgentBudget.StoreContract.Clusters;
using Microsoft.Extensions.DependencyInjection;

namespace AgentBudget.Orleans.Streams.Tests;

/// <summary>Events through Orleans' streams: all of them, each session's in their order, over restarts, and past a consumer that
/// hangs.</summary>
public sealed class StreamTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly InMemoryLedgerStore store = new();
    private readonly Received received = new();
    private readonly DeadLetterCount deadLetters = new();
    private LedgerCluster? cluster;

    public async ValueTask DisposeAsync()
    {
        deadLetters.Dispose();
        if (cluster is not null)
            await cluster.DisposeAsync();
    }

    [Fact]
    public async Task Stream_OfTenants_DeliversEveryEventInTheOrderOfItsLedger()
    {
        await StartAsync(silos: 2);
        var ids = Enumerable.Range(0, 12).Select(i => $"tenant-{i % 5}@s-{i}").Append("alone").ToArray();
        await Task.WhenAll(ids.Select(id => RunAsync(id, charges: 25)));

        await ArrivedAsync(ids);
    }

    [Fact]
    public async Task Stream_AfterARestart_GoesOnAndLosesNothing()
    {
        string[] ids = ["tenant-1@a", "tenant-2@b"];
        await StartAsync(silos: 1);
        await Task.WhenAll(ids.Select(id => RunAsync(id, charges: 10)));
        await ArrivedAsync(ids);
        await cluster!.DisposeAsync();
        var before = received.All.Count;

        await StartAsync(silos: 1);
        await Task.WhenAll(ids.Select(id => ChargeAsync(id, charges: 10)));
        await ArrivedAsync(ids);
        // At most what was not written down as delivered: a second's worth of a test that runs for less.
        Assert.InRange(received.All.Count - received.Once.Count, 0, before);
    }

    [Fact]
    public async Task Consumer_ThatFails_IsTriedAgainAndThenPassedBy()
    {
        var failures = 0;
        received.OnNext = of =>
            of is ChargeEvent { Sequence: 3 } && Interlocked.Increment(ref failures) > 0
                ? throw new InvalidOperationException("Not this one.")
                : Task.CompletedTask;
        await StartAsync(silos: 1);
        await RunAsync("tenant-1@a", charges: 1);
        await UntilAsync(() => received.All.Any(of => of.Sequence == 2));
        await ChargeAsync("tenant-1@a", charges: 1);
        await UntilAsync(() => Volatile.Read(ref failures) > 0);
        await ChargeAsync("tenant-1@a", charges: 1);

        await UntilAsync(() => received.All.Any(of => of.Sequence == 4));
        Assert.DoesNotContain(received.All, of => of.Sequence == 3);
        await UntilAsync(() => deadLetters.Total > 0);
        // It is passed by for good: what is delivered behind it is written down.
        await UntilAsync(() => WrittenDown() >= 4);
        await AssertKeptAsync();
    }

    // By name, with the place in the feed where it is read again, until somebody has seen to it.
    private async Task AssertKeptAsync()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var kept = received.DeadLetters!;
        await UntilAsync(() => kept.ListAsync(10, cancellation).GetAwaiter().GetResult().Count > 0);

        var dead = Assert.Single(await kept.ListAsync(10, cancellation));

        Assert.Equal((BudgetStreams.Events, "tenant-1", "tenant-1@a", 3), (dead.Namespace, dead.Key, dead.Ledger, dead.Sequence));
        var page = await cluster!
            .Grains.GetGrain<IBudgetEventFeed>(0)
            .ReadAsync(EventCursor.Parse(dead.Cursor), 100, new EventFilter { Ledger = dead.Ledger });
        Assert.Equal(dead.Type, Assert.Single(page.Events, of => of.Id == dead.EventId).Type);
        Assert.InRange(dead.Through, page.From, page.Through);

        await kept.RemoveAsync(dead, cancellation);
        Assert.Empty(await kept.ListAsync(10, cancellation));
    }

    [Fact]
    public async Task DeadLetters_MoreThanAreKept_PushOutTheOldest()
    {
        var kept = new BudgetStreamDeadLetters(store);
        var cancellation = TestContext.Current.CancellationToken;
        for (var i = 0; i < BudgetStreamDeadLetters.MaxKept + 200; i++)
            await kept.AddAsync(DeadLetter(i), cancellation);

        var all = await kept.ListAsync(10_000, cancellation);

        Assert.InRange(all.Count, BudgetStreamDeadLetters.MaxKept, BudgetStreamDeadLetters.MaxKept + 64);
        Assert.Equal(BudgetStreamDeadLetters.MaxKept + 199, all[^1].Sequence);
        Assert.Equal(all[0].Sequence + all.Count - 1, all[^1].Sequence);
    }

    private static BudgetStreamDeadLetter DeadLetter(int number) =>
        new()
        {
            At = DateTimeOffset.UnixEpoch.AddSeconds(number),
            Namespace = BudgetStreams.Events,
            Key = "acme",
            EventId = $"acme@a#1.{number}.1",
            Type = "charge.settled",
            Ledger = "acme@a",
            Sequence = number,
            Cursor = "0:",
            From = 1,
            Through = 1,
            Partition = 0,
            Row = number.ToString("d8", System.Globalization.CultureInfo.InvariantCulture),
        };

    // In memory it is read at once.
    private long WrittenDown() =>
        store.Feed.ReadConsumersAsync(0, TestContext.Current.CancellationToken).AsTask().GetAwaiter().GetResult().Max(row => row.Position);

    private async Task StartAsync(short silos) =>
        cluster = await LedgerCluster.StartAsync(
            store,
            silos,
            clock: null,
            configure: null,
            silo =>
            {
                silo.Services.AddSingleton(received);
                silo.AddAgentBudgetStreams(options =>
                {
                    options.PollInterval = TimeSpan.FromMilliseconds(20);
                    options.SaveInterval = TimeSpan.FromMilliseconds(10);
                    options.MaxDeliveryTime = TimeSpan.FromSeconds(2);
                });
            }
        );

    private async Task RunAsync(string id, int charges)
    {
        await cluster!.OpenAsync(id, budget: "100");
        await ChargeAsync(id, charges);
    }

    private async Task ChargeAsync(string id, int charges)
    {
        for (var i = 0; i < charges; i++)
            await cluster!.Session(id).ChargeAsync(new ChargeCommand { Call = Call.Tool("search"), Cost = Money.Parse("0.01") });
    }

    private async Task ArrivedAsync(IReadOnlyList<string> ids)
    {
        foreach (var id in ids)
        {
            var expected = (await store.ReadAsync(id, 1, int.MaxValue, TestContext.Current.CancellationToken))
                .Where(BudgetEvents.Any)
                .Select(entry => entry.Sequence)
                .ToArray();
            await UntilAsync(() => Of(id).Length >= expected.Length);
            Assert.Equal(expected, Of(id));
        }
    }

    private long[] Of(string id) => [.. received.Once.Where(of => of.Origin.Ledger == id).Select(of => of.Sequence)];

    private async Task UntilAsync(Func<bool> isSo)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        while (!isSo())
        {
            // Orleans looks at the feed by the cluster's clock.
            cluster!.Clock.Advance(TimeSpan.FromMilliseconds(20));
            await Task.Delay(5, limit.Token);
        }
    }
}
