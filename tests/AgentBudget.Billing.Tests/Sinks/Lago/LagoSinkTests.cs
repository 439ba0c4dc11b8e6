using AgentBudget.Billing.Exporting;
using AgentBudget.Billing.Tests.Http;

namespace AgentBudget.Billing.Tests.Sinks.Lago;

public sealed class LagoSinkTests
{
    [Fact]
    public async Task Batch_IsSentAsItIsDocumented()
    {
        await using var world = await SinkWorld.StartAsync(BillingTarget.Lago);

        var answer = await world.SendAsync(Costs.Of(1), Costs.Of(2, "-0.000000001"));

        Assert.Equal(2, answer.Taken.Count);
        Shape.Read("Lago/batch.txt").AssertIs(Assert.Single(world.Receiver.All));
    }

    [Fact]
    public async Task Batch_OfWhichSomeAreAtFault_SaysWhichAndWhichItHasHad()
    {
        await using var world = await SinkWorld.StartAsync(BillingTarget.Lago);
        const string refusal = """
            {"status":422,"error":"Unprocessable Entity","code":"validation_errors",
            "error_details":{"0":{"transaction_id":["value_already_exist"]},"2":{"external_subscription_id":["not_found"]}}}
            """;
        world.Receiver.OnRequest = (_, context) => Receiver.AnswerAsync(context, 422, refusal);
        var costs = Costs.Many(4);

        var answer = await world.SendAsync(costs);

        Assert.Equal([costs[0].Id], answer.Taken);
        var refused = Assert.Single(answer.Refused);
        Assert.Equal(costs[2].Id, refused.Id);
        Assert.Contains("not_found", refused.Problem);
        Assert.Equal(LeftFor.Again, answer.Left!.For);
    }

    [Theory]
    [InlineData("""{"error_details":{"events":["too_many_events"]}}""")]
    [InlineData("""{"error_details":{"9":{"code":["missing"]}}}""")]
    [InlineData("""{"error_details":[]}""")]
    public async Task Batch_RefusedInAnotherWay_IsToBeSentInParts(string refusal)
    {
        await using var world = await SinkWorld.StartAsync(BillingTarget.Lago);
        world.Receiver.OnRequest = (_, context) => Receiver.AnswerAsync(context, 422, refusal);
        Assert.Equal(LeftFor.Parts, (await world.SendAsync(Costs.Many(4))).Left!.For);
    }

    [Fact]
    public async Task Batch_OfWhichTheAnswerListsSome_IsTakenAsFarAsThat()
    {
        await using var world = await SinkWorld.StartAsync(BillingTarget.Lago);
        world.Receiver.OnRequest = (_, context) =>
            Receiver.AnswerAsync(context, 200, """{"events":[{"lago_id":null,"transaction_id":"s1#8df2.2.1"}]}""");

        var answer = await world.SendAsync(Costs.Many(3));

        Assert.Equal(["s1#8df2.2.1"], answer.Taken);
        Assert.Equal((LeftFor.Mend, true), (answer.Left!.For, answer.Left.MayBeTaken));
    }

    // An answer to a full batch says all of it again, which may be more than 64 KiB.
    [Fact]
    public async Task Answer_ThatIsLong_IsReadWhole()
    {
        await using var world = await SinkWorld.StartAsync(BillingTarget.Lago);
        var costs = Costs.Many(100);
        var filler = new string('x', 2_000);
        var all = string.Join(',', costs.Select(cost => $$"""{"properties":{"name":"{{filler}}"},"transaction_id":"{{cost.Id}}"}"""));
        world.Receiver.OnRequest = (_, context) => Receiver.AnswerAsync(context, 200, $$"""{"events":[{{all}}]}""");

        var answer = await world.SendAsync(costs);

        Assert.Equal(100, answer.Taken.Count);
        Assert.Null(answer.Left);
    }
}
