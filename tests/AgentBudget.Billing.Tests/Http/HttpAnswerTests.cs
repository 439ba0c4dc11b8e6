using AgentBudget.Billing.Exporting;

namespace AgentBudget.Billing.Tests.Http;

/// <summary>What is made of answers that have nothing to do with what was sent, the same for every billing system.</summary>
public sealed class HttpAnswerTests
{
    [Fact]
    public async Task Receiver_ThatFailsInPassing_IsAskedAgainAtOnceWithTheSameBytes()
    {
        await using var world = await SinkWorld.StartAsync(BillingTarget.OpenMeter);
        world.Receiver.OnRequest = (sent, context) => Receiver.AnswerAsync(context, sent.Number < 3 ? 500 : 204, "");

        var answer = await world.SendAsync(Costs.Many(2));

        Assert.Equal(2, answer.Taken.Count);
        Assert.Equal(3, world.Receiver.All.Count);
        Assert.Single(world.Receiver.All.Select(sent => sent.Body).Distinct());
    }

    [Fact]
    public async Task Receiver_ThatAsksForTime_IsLeftToThePlan()
    {
        await using var world = await SinkWorld.StartAsync(BillingTarget.OpenMeter);
        world.Receiver.OnRequest = (_, context) => Receiver.AnswerAsync(context, 429, "{}", retryAfter: "90");

        var answer = await world.SendAsync(Costs.Many(2));

        Assert.Equal((LeftFor.Later, TimeSpan.FromSeconds(90), false), (answer.Left!.For, answer.Left.RetryAfter, answer.Left.MayBeTaken));
        Assert.Single(world.Receiver.All);
    }

    [Fact]
    public async Task Receiver_ThatAsksForAMoment_IsGivenItAtOnce()
    {
        await using var world = await SinkWorld.StartAsync(BillingTarget.OpenMeter);
        world.Receiver.OnRequest = (sent, context) => Receiver.AnswerAsync(context, sent.Number < 2 ? 429 : 204, "", retryAfter: "1");
        Assert.Equal(2, (await world.SendAsync(Costs.Many(2))).Taken.Count);
    }

    [Fact]
    public async Task Receiver_ThatDoesNotAnswer_MayHaveTakenIt()
    {
        await using var world = await SinkWorld.StartAsync(BillingTarget.OpenMeter, timeout: SinkWorld.ShortTimeout);
        world.Receiver.OnRequest = (_, context) => Task.Delay(Timeout.Infinite, context.RequestAborted);

        var answer = await world.SendAsync(Costs.Many(1));

        Assert.Equal((LeftFor.Later, "no answer in time", true), (answer.Left!.For, answer.Left.Problem, answer.Left.MayBeTaken));
    }

    [Fact]
    public async Task Receiver_ThatRefusesAfterItDidNotAnswer_MayHaveTakenIt()
    {
        await using var world = await SinkWorld.StartAsync(BillingTarget.OpenMeter, timeout: SinkWorld.ShortTimeout);
        world.Receiver.OnRequest = (sent, context) =>
            sent.Number == 1 ? Task.Delay(Timeout.Infinite, context.RequestAborted) : Receiver.AnswerAsync(context, 429, "{}", "90");

        var answer = await world.SendAsync(Costs.Many(1));

        Assert.Equal((LeftFor.Later, true), (answer.Left!.For, answer.Left.MayBeTaken));
    }

    [Fact]
    public async Task Receiver_ThatIsNotThere_CannotHaveTakenIt()
    {
        await using var world = await SinkWorld.StartAsync(BillingTarget.OpenMeter, export => export.Url = "http://127.0.0.1:1");
        var answer = await world.SendAsync(Costs.Many(1));
        Assert.Equal((LeftFor.Later, "no connection", false), (answer.Left!.For, answer.Left.Problem, answer.Left.MayBeTaken));
    }

    [Theory]
    [InlineData(401)]
    [InlineData(405)]
    [InlineData(307)]
    public async Task Receiver_ThatLetsNothingIn_IsToBeMended(int status)
    {
        await using var world = await SinkWorld.StartAsync(BillingTarget.OpenMeter);
        world.Receiver.OnRequest = (_, context) =>
        {
            context.Response.Headers.Location = "/elsewhere";
            return Receiver.AnswerAsync(context, status);
        };

        var answer = await world.SendAsync(Costs.Many(1));

        Assert.Equal((LeftFor.Mend, $"it answered {status}"), (answer.Left!.For, answer.Left.Problem));
        Assert.Single(world.Receiver.All);
    }

    // A page to log in at, a proxy that says yes to everything, another product at the same address: nobody knows what became of it.
    [Theory]
    [InlineData(BillingTarget.OpenMeter, 200, "<html><body>Please log in</body></html>")]
    [InlineData(BillingTarget.OpenMeter, 200, "{}")]
    [InlineData(BillingTarget.OpenMeter, 200, "")]
    [InlineData(BillingTarget.Stripe, 200, "<html><body>Please log in</body></html>")]
    [InlineData(BillingTarget.Stripe, 200, "{}")]
    [InlineData(BillingTarget.Stripe, 204, "")]
    [InlineData(BillingTarget.Stripe, 200, """{"object":"billing.meter_event","identifier":"another"}""")]
    [InlineData(BillingTarget.Stripe, 200, """{"object":"list","identifier":"s1#8df2.1.1"}""")]
    [InlineData(BillingTarget.Lago, 200, "<html><body>Please log in</body></html>")]
    [InlineData(BillingTarget.Lago, 200, "{}")]
    [InlineData(BillingTarget.Lago, 200, """{"events":[]}""")]
    [InlineData(BillingTarget.Lago, 200, """{"events":[7,{"transaction_id":"another"}]}""")]
    [InlineData(BillingTarget.Orb, 200, "<html><body>Please log in</body></html>")]
    [InlineData(BillingTarget.Orb, 200, "{}")]
    [InlineData(BillingTarget.Orb, 200, """{"validation_failed":null}""")]
    [InlineData(BillingTarget.Orb, 200, """{"validation_failed":[{"external":1}]}""")]
    public async Task Success_InAnotherFormThanIsDocumented_AcceptsNothingAndIsInDoubt(BillingTarget to, int status, string body)
    {
        await using var world = await SinkWorld.StartAsync(to);
        world.Receiver.OnRequest = (_, context) => Receiver.AnswerAsync(context, status, body);

        var answer = await world.SendAsync(Costs.Of(1));

        Assert.Empty(answer.Taken);
        Assert.Empty(answer.Refused);
        Assert.Equal(
            (LeftFor.Mend, $"it answered {status}, and not in the form that it documents", true),
            (answer.Left!.For, answer.Left.Problem, answer.Left.MayBeTaken)
        );
    }

    [Theory]
    [InlineData(403, "{}")]
    [InlineData(404, "{}")]
    [InlineData(400, "<html><body>Blocked</body></html>")]
    public async Task Refusal_ThatMayBeOfOneCostOrOfAll_IsToBeFoundOut(int status, string body)
    {
        await using var world = await SinkWorld.StartAsync(BillingTarget.OpenMeter);
        world.Receiver.OnRequest = (_, context) => Receiver.AnswerAsync(context, status, body);
        Assert.Equal(LeftFor.Unclear, (await world.SendAsync(Costs.Many(2))).Left!.For);
    }

    [Fact]
    public async Task Receiver_ThatLetsNothingInAfterItDidNotAnswer_MayHaveTakenIt()
    {
        await using var world = await SinkWorld.StartAsync(BillingTarget.Stripe, timeout: SinkWorld.ShortTimeout);
        world.Receiver.OnRequest = (sent, context) =>
            sent.Number == 1 ? Task.Delay(Timeout.Infinite, context.RequestAborted) : Receiver.AnswerAsync(context, 401);

        var answer = await world.SendAsync(Costs.Of(1));

        Assert.Equal((LeftFor.Mend, true), (answer.Left!.For, answer.Left.MayBeTaken));
    }

    [Fact]
    public async Task Key_ThatAnAnswerRepeats_IsInNothingThatIsSaid()
    {
        await using var world = await SinkWorld.StartAsync(BillingTarget.OpenMeter);
        world.Receiver.OnRequest = (_, context) => Receiver.AnswerAsync(context, 400, $"{{\"detail\":\"bad key {SinkWorld.Key}\"}}");

        var answer = await world.SendAsync(Costs.Many(1));

        Assert.Equal(LeftFor.Parts, answer.Left!.For);
        Assert.Contains("bad key", answer.Left.Problem);
        Assert.DoesNotContain(SinkWorld.Key, answer.ToString() + answer.Left);
        Assert.Equal($"Bearer {SinkWorld.Key}", world.Receiver.All[0].Headers["authorization"]);
    }
}
