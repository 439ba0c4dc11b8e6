using AgentBudget.Billing.Exporting;
using AgentBudget.Billing.Tests.Http;

namespace AgentBudget.Billing.Tests.Sinks.OpenMeter;

public sealed class OpenMeterSinkTests
{
    [Fact]
    public async Task Batch_IsSentAsItIsDocumented()
    {
        await using var world = await SinkWorld.StartAsync(BillingTarget.OpenMeter);
        world.Receiver.OnRequest = (_, context) => Receiver.AnswerAsync(context, 204, "");

        var answer = await world.SendAsync(Costs.Of(1), Costs.Of(2, "-0.000000001"));

        Assert.Equal(2, answer.Taken.Count);
        Shape.Read("OpenMeter/batch.txt").AssertIs(Assert.Single(world.Receiver.All));
    }

    [Fact]
    public async Task Batch_WithoutAKey_IsSentToWhoeverAsksForNone()
    {
        await using var world = await SinkWorld.StartAsync(BillingTarget.OpenMeter, export => export.Key = null);
        await world.SendAsync(Costs.Of(1));
        Assert.DoesNotContain("authorization", world.Receiver.All[0].Headers.Keys);
    }

    [Fact]
    public async Task Batch_ThatIsRefused_IsToBeSentInParts()
    {
        await using var world = await SinkWorld.StartAsync(BillingTarget.OpenMeter);
        world.Receiver.OnRequest = (_, context) =>
            Receiver.AnswerAsync(context, 400, """{"title":"Bad Request","detail":"subject is empty"}""");

        var answer = await world.SendAsync(Costs.Many(2));

        Assert.Equal(LeftFor.Parts, answer.Left!.For);
        Assert.Contains("subject is empty", answer.Left.Problem);
    }
}
