using AgentBudget.Billing.Costs;
using AgentBudget.Billing.Customers;
using AgentBudget.Billing.Exporting;
using AgentBudget.Billing.Notes;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentBudget.Billing.Tests.Exporting;

/// <summary>What waits for days because the receiver lets nothing in, and says so each time, is in no doubt by that, also over a restart;
/// and what was taken before is not sent again.</summary>
public sealed class DoubtTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Costs_ThatWaitForDaysForTheKeyToBeMended_AreSentOnceAndInNoDoubt()
    {
        await using var world = await new BillingWorld().StartAsync();
        await world.RunAsync("one", "acme", charges: 4);
        var sink = new ForgetfulSink { OnSend = _ => SinkAnswer.NoneFor(NotLetIn) };
        sink.OnSend = costs => new SinkAnswer { Taken = sink.Count == 1 ? [costs[0].Id] : [], Left = NotLetIn };
        await WaitForDaysAsync(world, sink);

        sink.OnSend = SinkAnswer.AllOf;
        var dead = await DrainAsync(world, sink);

        Assert.Equal(0, dead);
        Assert.Equal((await world.ChargesAsync()).Select(charge => charge.Id).Order(), sink.Taken.Order());
    }

    [Fact]
    public async Task DeadLetter_ThatWaitsForDaysForTheKeyToBeMended_IsSentAndInNoDoubt()
    {
        await using var world = await new BillingWorld().StartAsync();
        await world.RunAsync("one", "acme");
        var sink = new ForgetfulSink
        {
            OnSend = costs => new SinkAnswer { Refused = [.. costs.Select(cost => new RefusedCost(cost.Id, "no such customer"))] },
        };
        Assert.Equal(1, await DrainAsync(world, sink));
        sink.OnSend = _ => SinkAnswer.NoneFor(NotLetIn);
        await WaitForDaysAsync(world, sink);

        sink.OnSend = SinkAnswer.AllOf;
        Assert.Equal(0, await DrainAsync(world, sink));
        Assert.Single(sink.Taken);
    }

    private static LeftCosts NotLetIn => new(LeftFor.Mend, "it answered 401");

    // Half an hour between two requests: after each of them time stands still until the next.
    private static async Task WaitForDaysAsync(BillingWorld world, ForgetfulSink sink)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var exporter = new BillingExporter(PartsOf(world, sink));
        await exporter.BeginAsync(withDoubtful: false, ending.Token);
        var following = exporter.FollowAsync(TimeSpan.FromSeconds(1), ending.Token);
        for (var i = 0; i < 100; i++)
        {
            var before = sink.Count;
            world.Clock.Advance(TimeSpan.FromMinutes(30));
            await world.UntilAsync(() => sink.Count > before, TimeSpan.FromSeconds(1));
        }

        await ending.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => following);
    }

    private static async Task<int> DrainAsync(BillingWorld world, ForgetfulSink sink)
    {
        var exporter = new BillingExporter(PartsOf(world, sink));
        await exporter.BeginAsync(withDoubtful: false, Cancellation);
        await exporter.DrainAsync(mostFailures: 3, Cancellation);
        return exporter.Count.Dead;
    }

    private static ExportParts PartsOf(BillingWorld world, IBillingSink sink) =>
        new()
        {
            Name = "bill",
            Feed = world.Budget.Grains.GetGrain<IBudgetEventFeed>(0),
            Sink = sink,
            Customers = new CustomerTable(new Dictionary<string, string>(), "cus_1", mayBeThemselves: false),
            Notes = new FileNotes(world.Path("dead.jsonl")),
            Time = world.Clock,
            Log = NullLogger.Instance,
            FromStart = true,
        };

    // Knows ids for a day.
    private sealed class ForgetfulSink : IBillingSink
    {
        private readonly List<string> taken = [];
        private int count;

        public required Func<IReadOnlyList<BilledCost>, SinkAnswer> OnSend { get; set; }

        public int Count => Volatile.Read(ref count);

        public IReadOnlyList<string> Taken => taken;

        public SinkLimits Limits { get; } =
            new()
            {
                Name = "it",
                BatchSize = 10,
                RemembersFor = TimeSpan.FromHours(24),
            };

        public Task<SinkAnswer> SendAsync(IReadOnlyList<BilledCost> costs, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref count);
            var answer = OnSend(costs);
            taken.AddRange(answer.Taken);
            return Task.FromResult(answer);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
