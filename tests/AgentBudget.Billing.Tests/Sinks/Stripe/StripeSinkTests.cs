using AgentBudget.Billing.Exporting;
using AgentBudget.Billing.Sinks.Stripe;
using AgentBudget.Billing.Tests.Http;

namespace AgentBudget.Billing.Tests.Sinks.Stripe;

public sealed class StripeSinkTests
{
    [Fact]
    public async Task Event_IsSentAsItIsDocumented()
    {
        await using var world = await SinkWorld.StartAsync(BillingTarget.Stripe);
        Assert.Single((await world.SendAsync(Costs.Of(1))).Taken);
        Shape.Read("Stripe/meter-event.txt").AssertIs(Assert.Single(world.Receiver.All));
    }

    [Fact]
    public async Task Event_OfACorrection_IsBelowZero()
    {
        await using var world = await SinkWorld.StartAsync(BillingTarget.Stripe);
        await world.SendAsync(Costs.Of(1, "-0.050000001"));
        Assert.Equal("-50000001", world.Receiver.All[0].Form["payload[value]"]);
    }

    [Theory]
    [InlineData("""{"error":{"type":"invalid_request_error","message":"An event already exists with identifier s1#8df2.1.1."}}""")]
    [InlineData("""{"error":{"type":"invalid_request_error","code":"duplicate_meter_event","message":"…"}}""")]
    public async Task Event_ThatItKnows_IsTaken(string body)
    {
        await using var world = await SinkWorld.StartAsync(BillingTarget.Stripe);
        world.Receiver.OnRequest = (_, context) => Receiver.AnswerAsync(context, 400, body);
        var answer = await world.SendAsync(Costs.Of(1));
        Assert.Single(answer.Taken);
        Assert.Empty(answer.Refused);
    }

    [Fact]
    public async Task Events_OfWhichOneIsRefused_AreTakenButForThat()
    {
        await using var world = await SinkWorld.StartAsync(BillingTarget.Stripe);
        world.Receiver.OnRequest = (sent, context) =>
            sent.Form["identifier"].EndsWith(".2.1", StringComparison.Ordinal)
                ? Receiver.AnswerAsync(context, 400, """{"error":{"message":"No such customer: 'cus_1'"}}""")
                : Task.CompletedTask;

        var answer = await world.SendAsync(Costs.Many(3));

        Assert.Equal(["s1#8df2.1.1", "s1#8df2.3.1"], answer.Taken.Order());
        Assert.Contains("No such customer", Assert.Single(answer.Refused).Problem);
        Assert.Null(answer.Left);
    }

    [Fact]
    public async Task Customer_WhoseEventsAreNotTakenNow_HoldsUpNoOther()
    {
        await using var world = await SinkWorld.StartAsync(BillingTarget.Stripe);
        world.Receiver.OnRequest = (sent, context) =>
            sent.Form["payload[stripe_customer_id]"] == "cus_busy"
                ? Receiver.AnswerAsync(context, 429, "{}", retryAfter: "30")
                : Task.CompletedTask;

        var answer = await world.SendAsync(Costs.Of(1, customer: "cus_busy"), Costs.Of(2), Costs.Of(3, customer: "cus_busy"), Costs.Of(4));

        Assert.Equal(["s1#8df2.2.1", "s1#8df2.4.1"], answer.Taken.Order());
        Assert.Equal((LeftFor.Later, TimeSpan.FromSeconds(30)), (answer.Left!.For, answer.Left.RetryAfter));
        // Of the busy customer the first alone was tried.
        Assert.Equal(3, world.Receiver.All.Count);
    }

    [Fact]
    public async Task Events_OfACustomer_AreUnderWayOneAtATime()
    {
        await using var world = await SinkWorld.StartAsync(BillingTarget.Stripe);
        var (underWay, most) = (0, 0);
        world.Receiver.OnRequest = async (_, _) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref underWay));
            await Task.Yield();
            Interlocked.Decrement(ref underWay);
        };
        Assert.Equal(20, (await world.SendAsync(Costs.Many(20))).Taken.Count);
        Assert.Equal(1, most);
    }

    [Fact]
    public void Identifier_OfALongId_IsAsShortAsItMustBeAndItsOwn()
    {
        var (one, other) = (new string('s', 90) + "#8df2aaaaaaaa.1.1", new string('s', 90) + "#8df2aaaaaaaa.2.1");
        Assert.Equal("s1#8df2.1.1", StripeSink.IdentifierOf("s1#8df2.1.1"));
        Assert.InRange(StripeSink.IdentifierOf(one).Length, 1, 100);
        Assert.NotEqual(StripeSink.IdentifierOf(one), StripeSink.IdentifierOf(other));
    }

    [Fact]
    public async Task Limits_AreThoseThatAreDocumented()
    {
        await using var world = await SinkWorld.StartAsync(BillingTarget.Stripe, export => export.MaxAge = TimeSpan.FromDays(60));
        var limits = world.Sink.Limits;
        Assert.Equal(
            (TimeSpan.FromDays(35), TimeSpan.FromMinutes(5), TimeSpan.FromHours(24)),
            (limits.Oldest, limits.Newest, limits.RemembersFor)
        );
    }
}
