using System.Diagnostics;
using System.Net;
using AgentBudget.PostgreSql.TestServer;
using AgentBudget.Server.Tests.Processes;

namespace AgentBudget.Server.Tests.Clusters;

/// <summary>
/// The topology of docker-compose.yml with plain processes: PostgreSQL (here with two partitions), servers (one more than there, so that
/// there are always two others to declare one dead), a collector, and a client in a process without a silo.
/// </summary>
public sealed class ClusterTests
{
    private const int Sessions = 30;
    private const string SessionPrefix = "customer-4711-";

    /// <summary>What the shipped defaults promise on a busy machine.</summary>
    private static readonly TimeSpan AnswersAgainWithin = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan RetryFor = TimeSpan.FromSeconds(60);

    private static readonly string[] Instruments =
    [
        "agentbudget.spent",
        "agentbudget.reserved",
        "agentbudget.reserved.open",
        "agentbudget.overage",
        "agentbudget.refusals",
        "agentbudget.breaker.opened",
        "agentbudget.loops.tripped",
        "agentbudget.sessions.opened",
        "agentbudget.sessions.open",
        "agentbudget.sessions.ended",
        "agentbudget.writer.batch.entries",
        "agentbudget.writer.batch.duration",
        "agentbudget.writer.queue",
        "agentbudget.writer.lag",
        "orleans-",
        "budget_exhausted",
        "loop_detected",
    ];

    [Fact]
    public async Task Cluster_OneServerKilledAndOneStoppedUnderLoad_LosesAndDoublesNothing()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var database = await PostgreSqlServer.StartNewAsync(cancellation);
        KeyValuePair<string, string>[] settings =
        [
            new("AgentBudget__Mode", "Cluster"),
            new("AgentBudget__PostgreSql__ConnectionStrings__0", await database.CreateDatabaseAsync(cancellation)),
            new("AgentBudget__PostgreSql__ConnectionStrings__1", await database.CreateDatabaseAsync(cancellation)),
            .. receiver.Environment,
        ];
        var ports = ServerPorts.New(3);
        await using var first = ServerProcess.Start(ports[0], settings);
        await using var second = ServerProcess.Start(ports[1], settings);
        await using var third = ServerProcess.Start(ports[2], settings);
        await Task.WhenAll(first.WhenReadyAsync(), second.WhenReadyAsync(), third.WhenReadyAsync());
        await using var client = await ClientHost.ConnectAsync(ports, RetryFor);
        var options = new BudgetSessionOptions { Budget = Money.Parse("1000"), Loops = LoopPolicy.Off };
        var sessions = await Task.WhenAll(
            Enumerable
                .Range(0, Sessions)
                .Select(i => client.Budget.OpenAsync(options, $"{SessionPrefix}{i}", cancellationToken: cancellation))
        );
        await using var load = new ChargingLoad(sessions);
        await load.WhenAllAnswerAsync(Stopwatch.GetTimestamp(), Patience);

        var killedAt = Stopwatch.GetTimestamp();
        await first.KillAsync();
        var stall = await load.WhenAllAnswerAsync(killedAt, Patience);
        TestContext.Current.TestOutputHelper?.WriteLine($"After kill -9 the last session answered within {stall.TotalSeconds:F2} s.");
        Assert.True(stall <= AnswersAgainWithin, $"After kill -9 a session was silent for {stall}.");

        var stoppedAt = Stopwatch.GetTimestamp();
        second.Terminate();
        await Poll.UntilAsync(
            async () => second.HasEnded || await second.FindHealthAsync("ready") is { Word: "draining" },
            Patience,
            () => second.Output
        );
        var exitCode = await second.EndAsync();
        TestContext.Current.TestOutputHelper?.WriteLine($"The server drained in {Stopwatch.GetElapsedTime(stoppedAt).TotalSeconds:F2} s.");
        Assert.True(exitCode == 0, second.Output);
        Assert.Contains(second.Lines, line => line.Contains("\"EventId\":2002", StringComparison.Ordinal));
        await load.WhenAllAnswerAsync(Stopwatch.GetTimestamp(), Patience);
        await load.StopAsync();

        foreach (var track in load.Tracks)
        {
            var report = await track.Session.ReportAsync(cancellationToken: cancellation);
            Assert.Equal(ChargingLoad.Price.NanoDollars * track.Acknowledged, report.Standing.Spent.NanoDollars);
        }

        await AssertHealthyAsync(third);
        await MeetLimitsAsync(client);
        await AssertTelemetryAsync(receiver);
        await AssertStoreAwayIsToldAsync(database, third, sessions[0]);
    }

    private static async Task AssertHealthyAsync(ServerProcess server)
    {
        Assert.Equal("live", (await server.HealthAsync("live")).Word);
        Assert.Equal("ready", (await server.HealthAsync("ready")).Word);
        var store = await server.HealthAsync("store");
        Assert.Equal((HttpStatusCode.OK, "answers"), (store.Status, store.Word));
        Assert.Equal(["status", "milliseconds"], store.Body.EnumerateObject().Select(property => property.Name));
        var writer = await server.HealthAsync("writer");
        Assert.Equal((HttpStatusCode.OK, "keeping_up"), (writer.Status, writer.Word));
        Assert.Equal(0, writer.Body.GetProperty("waiting_sessions").GetInt32());
        Assert.Equal(0, writer.Body.GetProperty("lag_seconds").GetDouble());
    }

    // So that there is something to measure: a loop, an overage, a refusal for each, money set aside, a session that ends.
    private static async Task MeetLimitsAsync(ClientHost client)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var looping = await client.Budget.OpenAsync(
            new BudgetSessionOptions
            {
                Budget = Money.Parse("1"),
                Loops = new LoopPolicy { Rule = new LoopRule { Calls = 2 } },
            },
            $"{SessionPrefix}looping",
            cancellationToken: cancellation
        );
        var reserve = new ReserveCommand { Amount = ChargingLoad.Price, Call = Call.Tool("search", """{"query":"the same"}""") };
        var first = await looping.Grain.ReserveAsync(reserve with { Key = "first" });
        // A twin that is under way would count as the same call.
        Assert.True(
            (
                await looping.Grain.SettleAsync(
                    new SettleCommand
                    {
                        ReservationId = first.ReservationId,
                        Cost = ChargingLoad.Price,
                        Key = "settled",
                    }
                )
            ).IsGranted
        );
        Assert.Equal(RefusalReason.LoopDetected, (await looping.Grain.ReserveAsync(reserve with { Key = "second" })).Refusal?.Reason);
        var exhausted = await client.Budget.OpenAsync("0.01", $"{SessionPrefix}exhausted", cancellationToken: cancellation);
        await Assert.ThrowsAsync<BudgetExhaustedException>(() =>
            exhausted.ChargeAsync(Call.Tool("search"), Money.Parse("0.02"), cancellation)
        );
        Assert.Equal(RefusalReason.BudgetExhausted, (await exhausted.Grain.ReserveAsync(reserve)).Refusal?.Reason);
        await exhausted.CloseAsync(cancellation);
    }

    private static async Task AssertTelemetryAsync(OtlpReceiver receiver)
    {
        await Poll.UntilAsync(
            () => Array.TrueForAll(Instruments, name => receiver.Has("metrics", name)),
            Patience,
            () => $"these did not arrive: {string.Join(", ", Instruments.Where(name => !receiver.Has("metrics", name)))}."
        );
        await Poll.UntilAsync(
            () => receiver.Has("traces", "ledger.write") && receiver.Has("logs", "agentbudget-server"),
            Patience,
            () => "no trace of the writer or no log arrived."
        );
        Assert.False(receiver.Has("metrics", SessionPrefix), "A session's id is on a metric.");
    }

    private static async Task AssertStoreAwayIsToldAsync(PostgreSqlServer database, ServerProcess server, BudgetSession session)
    {
        await database.StopImmediatelyAsync();
        await Poll.UntilAsync(
            async () => (await server.HealthAsync("store")) is { Status: HttpStatusCode.ServiceUnavailable, Word: "away" },
            Patience,
            () => "The store's absence is not seen."
        );
        Assert.Equal(HttpStatusCode.OK, (await server.HealthAsync("live")).Status);
        // Straight to the grain: the client library would go on trying.
        var charge = new ChargeCommand
        {
            Cost = ChargingLoad.Price,
            Call = Call.Tool("search"),
            Key = "while-the-store-is-away",
        };
        var failure = await Record.ExceptionAsync(() =>
            session.Grain.ChargeAsync(charge).WaitAsync(Patience, TestContext.Current.CancellationToken)
        );
        Assert.True(failure is BudgetUnavailableException or TimeoutException, $"Callers were told {failure}.");
        await database.StartAsync(TestContext.Current.CancellationToken);
        var answer = await session.ChargeAsync(charge.Call, charge.Cost, charge.Key, TestContext.Current.CancellationToken);
        Assert.Null(answer.Refusal);
    }
}
