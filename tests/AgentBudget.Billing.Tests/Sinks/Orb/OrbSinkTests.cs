using AgentBudget.Billing.Exporting;
using AgentBudget.Billing.Tests.Http;

namespace AgentBudget.Billing.Tests.Sinks.Orb;

public sealed class OrbSinkTests
{
    [Fact]
    public async Task Batch_IsSentAsItIsDocumented()
    {
        await using var world = await SinkWorld.StartAsync(BillingTarget.Orb);
        world.Receiver.OnRequest = (_, context) => Receiver.AnswerAsync(context, 200, """{"validation_failed":[]}""");

        var answer = await world.SendAsync(Costs.Of(1), Costs.Of(2, "-0.000000001"));

        Assert.Equal(2, answer.Taken.Count);
        Shape.Read("Orb/ingest.txt").AssertIs(Assert.Single(world.Receiver.All));
    }

    [Fact]
    public async Task Batch_OfWhichOneIsAtFault_SaysWhichAndTheOthersAreSentAgain()
    {
        await using var world = await SinkWorld.StartAsync(BillingTarget.Orb);
        const string refusal = """
            {"validation_failed":[{"idempotency_key":"s1#8df2.2.1","validation_errors":["timestamp is outside of the grace period"]}]}
            """;
        world.Receiver.OnRequest = (_, context) => Receiver.AnswerAsync(context, 400, refusal);

        var answer = await world.SendAsync(Costs.Many(3));

        Assert.Empty(answer.Taken);
        var refused = Assert.Single(answer.Refused);
        Assert.Equal("s1#8df2.2.1", refused.Id);
        Assert.Contains("grace period", refused.Problem);
        Assert.Equal(LeftFor.Again, answer.Left!.For);
    }

    [Theory]
    [InlineData("""{"validation_failed":[7,{},{"idempotency_key":7}]}""")]
    [InlineData("""{"validation_failed":7}""")]
    [InlineData("[]")]
    public async Task Answer_OfAnotherShape_LosesNothing(string refusal)
    {
        await using var world = await SinkWorld.StartAsync(BillingTarget.Orb);
        world.Receiver.OnRequest = (_, context) => Receiver.AnswerAsync(context, 400, refusal);
        var answer = await world.SendAsync(Costs.Many(3));
        Assert.Empty(answer.Taken);
        Assert.NotNull(answer.Left);
    }

    [Fact]
    public async Task Limits_AreThoseOfTheAccount()
    {
        await using var world = await SinkWorld.StartAsync(BillingTarget.Orb, export => export.MaxAge = TimeSpan.FromHours(12));
        Assert.Equal((TimeSpan.FromHours(12), TimeSpan.FromHours(1)), (world.Sink.Limits.Oldest, world.Sink.Limits.Newest));
    }
}
