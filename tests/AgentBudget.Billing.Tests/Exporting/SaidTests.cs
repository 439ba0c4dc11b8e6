using System.Collections.Concurrent;
using AgentBudget.Billing.Costs;
using AgentBudget.Billing.Customers;
using AgentBudget.Billing.Exporting;
using AgentBudget.Billing.Notes;
using Microsoft.Extensions.Logging;

namespace AgentBudget.Billing.Tests.Exporting;

/// <summary>What an export says of a receiver that takes nothing.</summary>
public sealed class SaidTests
{
    private const int Failing = 2101;
    private const int MustBeMended = 2102;

    [Fact]
    public async Task Receiver_ThatFailsAndThenLetsNothingIn_IsSaidToDoEachAndAnewEveryHour()
    {
        await using var world = await new BillingWorld().StartAsync();
        await world.RunAsync("one", "acme");
        var said = new Said();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var exporter = new BillingExporter(PartsOf(world, said));
        await exporter.BeginAsync(withDoubtful: false, ending.Token);
        var following = exporter.FollowAsync(TimeSpan.FromSeconds(1), ending.Token);

        await world.UntilAsync(() => said.Ids.Contains(MustBeMended), TimeSpan.FromSeconds(1));
        Assert.Equal([Failing, MustBeMended], said.Ids);

        await world.PassAsync(TimeSpan.FromHours(3), TimeSpan.FromMinutes(5));
        Assert.InRange(said.Ids.Count(id => id == MustBeMended), 3, 4);
        await ending.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => following);
    }

    private static ExportParts PartsOf(BillingWorld world, Said said) =>
        new()
        {
            Name = "bill",
            Feed = world.Budget.Grains.GetGrain<IBudgetEventFeed>(0),
            Sink = new FailingSink(),
            Customers = new CustomerTable(new Dictionary<string, string>(), "cus_1", mayBeThemselves: false),
            Notes = new FileNotes(world.Path("dead.jsonl")),
            Time = world.Clock,
            Log = said,
            FromStart = true,
        };

    // Fails three times, and then lets nothing in.
    private sealed class FailingSink : IBillingSink
    {
        private int count;

        public SinkLimits Limits { get; } = new() { Name = "it", BatchSize = 10 };

        public Task<SinkAnswer> SendAsync(IReadOnlyList<BilledCost> costs, CancellationToken cancellationToken) =>
            Task.FromResult(
                SinkAnswer.NoneFor(
                    ++count <= 3 ? new LeftCosts(LeftFor.Later, "it answered 500") : new LeftCosts(LeftFor.Mend, "it answered 401")
                )
            );

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class Said : ILogger
    {
        private readonly ConcurrentQueue<int> ids = new();

        public IReadOnlyList<int> Ids => [.. ids];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => ids.Enqueue(eventId.Id);
    }
}
