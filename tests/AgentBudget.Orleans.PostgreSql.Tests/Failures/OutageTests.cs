using System.Diagnostics;
using AgentBudget.Orleans.PostgreSql.Tests.Clusters;
using AgentBudget.Orleans.Storage;
using AgentBudget.PostgreSql.TestServer;
using AgentBudget.StoreContract;
using Microsoft.Extensions.Hosting;

namespace AgentBudget.Orleans.PostgreSql.Tests.Failures;

/// <summary>A database that goes away and comes back: callers are told in bounded time, and service resumes by itself.</summary>
public sealed class OutageTests
{
    private const int Sessions = 8;
    private const int CallersOfASession = 4;
    private static readonly Money Cost = Money.Parse("0.01");

    [Fact(Timeout = 120_000)]
    public async Task Store_ServerStopped_SaysSoInBoundedTimeAndGoesOnWhenItIsBack()
    {
        var token = TestContext.Current.CancellationToken;
        await using var server = await PostgreSqlServer.StartNewAsync(token);
        using var store = await (await TestLedger.NewAsync(server)).StartAsync(options =>
            options.RetryFor = TimeSpan.FromMilliseconds(200)
        );
        var session = new GrowingSession("session");
        await store.AppendAsync([session.Open()]);
        await server.StopImmediatelyAsync();
        var append = session.Charge("key");
        for (var round = 0; round < 3; round++)
        {
            var started = Stopwatch.GetTimestamp();
            await Assert.ThrowsAsync<LedgerStoreUnavailableException>(async () => await store.AppendAsync([append]));
            await Assert.ThrowsAsync<LedgerStoreUnavailableException>(async () => await store.LoadAsync("session", token));
            Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(10));
        }

        await server.StartAsync(token);
        Assert.Equal(AppendOutcome.Written, Assert.Single(await store.AppendAsync([append])));
        Assert.Equivalent(session.Head, (await store.LoadAsync("session", token))!.Head);
    }

    [Fact(Timeout = 120_000)]
    public async Task Callers_ServerCrashesAndRestarts_EveryAcknowledgedChargeStandsOnce()
    {
        var token = TestContext.Current.CancellationToken;
        await using var server = await PostgreSqlServer.StartNewAsync(token);
        var ledger = await TestLedger.NewAsync(server);
        using var silo = await TestCluster.StartAloneAsync(ledger, "cluster", options => options.RetryFor = TimeSpan.FromMilliseconds(100));
        using var run = new Run();
        for (var i = 0; i < Sessions; i++)
            await silo.Session($"session-{i}").OpenAsync(new OpenCommand { Options = TestCluster.Budget("1000") });
        var callers = Enumerable.Range(0, Sessions * CallersOfASession).Select(caller => ChargeAsync(silo, run, caller)).ToArray();

        await run.AcknowledgedAsync(500);
        await server.StopImmediatelyAsync();
        await run.Unknown.Task.WaitAsync(token);
        await server.StartAsync(token);
        await run.AcknowledgedAsync(run.Acknowledged + 500);
        run.IsOver = true;
        var charged = await Task.WhenAll(callers);

        for (var i = 0; i < Sessions; i++)
        {
            var expected = Cost.NanoDollars * charged.Where((_, caller) => caller % Sessions == i).Sum();
            Assert.Equal(Money.FromNanoDollars(expected), (await silo.Session($"session-{i}").StandingAsync()).Spent);
        }

        Assert.Equal(charged.Sum() + Sessions, await ledger.ScalarAsync("SELECT count(*) FROM entry"));
        await silo.StopAsync(token);
    }

    // Charges one after the other until the run is over; gives how many were acknowledged.
    private static async Task<long> ChargeAsync(IHost silo, Run run, int caller)
    {
        var session = silo.Session($"session-{caller % Sessions}");
        for (var charged = 0; ; charged++)
        {
            if (run.IsOver)
                return charged;
            var command = new ChargeCommand
            {
                Cost = Cost,
                Call = Call.Tool("search"),
                Key = $"{caller}-{charged}",
            };
            Assert.True(
                (await TestCluster.UntilKnownAsync(() => session.ChargeAsync(command), () => run.Unknown.TrySetResult())).IsGranted
            );
            run.Acknowledge();
        }
    }

    private sealed class Run : IDisposable
    {
        private readonly SemaphoreSlim each = new(0);
        private long acknowledged;

        public volatile bool IsOver;

        public TaskCompletionSource Unknown { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public long Acknowledged => Interlocked.Read(ref acknowledged);

        public void Acknowledge()
        {
            Interlocked.Increment(ref acknowledged);
            each.Release();
        }

        public void Dispose() => each.Dispose();

        public async Task AcknowledgedAsync(long count)
        {
            while (Acknowledged < count)
                await each.WaitAsync(TestContext.Current.CancellationToken);
        }
    }
}
