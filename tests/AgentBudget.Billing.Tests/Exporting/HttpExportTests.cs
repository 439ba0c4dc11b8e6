using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace AgentBudget.Billing.Tests.Exporting;

/// <summary>Every billing system off a real ledger, with a receiver that fails in every way: what it has taken, once by id, is what the
/// ledger says.</summary>
public sealed class HttpExportTests
{
    private const string Name = "bill";

    public static TheoryData<BillingTarget> Systems =>
        [BillingTarget.OpenMeter, BillingTarget.Stripe, BillingTarget.Lago, BillingTarget.Orb];

    [Theory]
    [MemberData(nameof(Systems))]
    public async Task Receiver_ThatFailsInEveryWay_GetsEveryCostOnceByItsId(BillingTarget to)
    {
        await using var receiver = await Receiver.StartAsync();
        await using var world = await StartAsync(receiver, to);
        receiver.OnRequest = (sent, context) =>
            sent.Number switch
            {
                <= 4 => Receiver.AnswerAsync(context, 500),
                5 => Receiver.AnswerAsync(context, 429, "{}", retryAfter: "20"),
                6 => Task.Delay(Timeout.Infinite, context.RequestAborted),
                7 => CutAsync(context),
                _ => Task.CompletedTask,
            };
        await world.RunAsync("one", "acme", charges: 12);
        await world.RunAsync("two", "acme/research", charges: 12, cost: "0.123456789");

        await SentAsync(world, step: TimeSpan.FromMilliseconds(500));

        await AssertAllAsync(world, receiver, to);
        Assert.True(receiver.All.Count >= 8);
    }

    [Theory]
    [MemberData(nameof(Systems))]
    public async Task Host_ThatIsStoppedInTheMiddle_LosesNothingAndRepeatsUnderTheSameId(BillingTarget to)
    {
        await using var receiver = await Receiver.StartAsync();
        await using var world = new BillingWorld();
        await world.RestartAsync(receiver, to);
        string? session = null;
        for (var i = 0; i < 3; i++)
        {
            var taking = receiver.All.Count + 1;
            // The first of these is taken; what comes after it hangs until the host is gone.
            receiver.OnRequest = async (sent, context) =>
            {
                if (sent.Number > taking)
                    await Task.Delay(Timeout.Infinite, context.RequestAborted);
            };
            var before = receiver.All.Count;
            if (session is null)
                session = await world.RunAsync("one", "acme", charges: 12);
            else
                await world.ChargeAsync(session, charges: 12);
            await world.UntilAsync(() => receiver.All.Count > before);
            await world.RestartAsync(receiver, to);
        }

        receiver.OnRequest = (_, _) => Task.CompletedTask;
        await SentAsync(world);

        await AssertAllAsync(world, receiver, to);
    }

    [Theory]
    [MemberData(nameof(Systems))]
    public async Task Cost_ThatIsRefused_IsKeptWithItsReasonAndHoldsUpNoOther(BillingTarget to)
    {
        await using var receiver = await Receiver.StartAsync();
        await using var world = await StartAsync(receiver, to);
        // Nothing is taken before it is known which of them is to be refused.
        receiver.OnRequest = (_, context) => Receiver.AnswerAsync(context, 503);
        var session = await world.RunAsync("one", "acme", charges: 10);
        var poison = (await world.ChargesAsync())[4].Id;
        receiver.OnRequest = (sent, context) =>
            Billed.Of(to, sent).Any(cost => cost.Id == poison)
                ? Receiver.AnswerAsync(context, Billed.RefusalStatus(to), Billed.RefusalOf(to, sent, poison))
                : Task.CompletedTask;
        await world.ChargeAsync(session, charges: 10);

        await world.UntilAsync(async () => (await world.Export(Name).DeadLettersAsync(10)).Count == 1);
        await SentAsync(world);

        var dead = JsonDocument.Parse((await world.Export(Name).DeadLettersAsync(10))[0]).RootElement;
        Assert.Equal(poison, dead.GetProperty("cost").GetProperty("id").GetString());
        Assert.Contains("no such thing", dead.GetProperty("problem").GetString());
        var taken = receiver.Taken.SelectMany(sent => Billed.Of(to, sent)).Select(cost => cost.Id).Distinct().ToArray();
        Assert.Equal((await world.ChargesAsync()).Select(charge => charge.Id).Where(id => id != poison).Order(), taken.Order());
    }

    // As a firewall does that does not like a name, or a system that does not find one customer.
    [Theory]
    [MemberData(nameof(Systems))]
    public async Task Cost_ThatAloneIsNotLetIn_IsKeptWithItsReasonAndHoldsUpNoOther(BillingTarget to)
    {
        await using var receiver = await Receiver.StartAsync();
        await using var world = await StartAsync(receiver, to);
        receiver.OnRequest = (_, context) => Receiver.AnswerAsync(context, 403, "<html>No</html>");
        var session = await world.RunAsync("one", "acme", charges: 10);
        var poison = (await world.ChargesAsync())[4].Id;
        await world.PassAsync(TimeSpan.FromMinutes(3), TimeSpan.FromSeconds(1));
        Assert.Empty(await world.Export(Name).DeadLettersAsync(10));
        receiver.OnRequest = (sent, context) =>
            Billed.Of(to, sent).Any(cost => cost.Id == poison) ? Receiver.AnswerAsync(context, 403, "<html>No</html>") : Task.CompletedTask;
        await world.ChargeAsync(session, charges: 10);

        await world.UntilAsync(async () => (await world.Export(Name).DeadLettersAsync(10)).Count == 1, TimeSpan.FromSeconds(1));
        await SentAsync(world, TimeSpan.FromSeconds(1));

        var dead = JsonDocument.Parse(Assert.Single(await world.Export(Name).DeadLettersAsync(10))).RootElement;
        Assert.Equal(poison, dead.GetProperty("cost").GetProperty("id").GetString());
        Assert.Equal("it answered 403, while others were taken", dead.GetProperty("problem").GetString());
        var taken = receiver.Taken.SelectMany(sent => Billed.Of(to, sent)).Select(cost => cost.Id).Distinct();
        Assert.Equal((await world.ChargesAsync()).Select(charge => charge.Id).Where(id => id != poison).Order(), taken.Order());
    }

    // An address that leads to a page to log in at says 200 to everything.
    [Theory]
    [MemberData(nameof(Systems))]
    public async Task Receiver_ThatSaysYesToEverything_HasTakenNothingUntilItIsTheRightOne(BillingTarget to)
    {
        await using var receiver = await Receiver.StartAsync();
        await using var world = await StartAsync(receiver, to);
        receiver.OnRequest = (_, context) => Receiver.AnswerAsync(context, 200, "<html>Please log in</html>");
        await world.RunAsync("one", "acme", charges: 5);
        await world.PassAsync(TimeSpan.FromMinutes(3), TimeSpan.FromSeconds(1));
        Assert.NotEqual(0, await world.BehindAsync(Name));
        Assert.Empty(await world.Export(Name).DeadLettersAsync(10));
        var strange = receiver.Taken.Count;

        receiver.OnRequest = (_, _) => Task.CompletedTask;
        await SentAsync(world, TimeSpan.FromSeconds(1));

        var taken = receiver.Taken.Skip(strange).SelectMany(sent => Billed.Of(to, sent)).Select(cost => cost.Id).Distinct();
        Assert.Equal((await world.ChargesAsync()).Select(charge => charge.Id).Order(), taken.Order());
        Assert.Empty(await world.Export(Name).DeadLettersAsync(10));
    }

    private static Task<BillingWorld> StartAsync(Receiver receiver, BillingTarget to) => new BillingWorld().RestartAsync(receiver, to);

    private static Task SentAsync(BillingWorld world, TimeSpan? step = null) =>
        world.UntilAsync(async () => await world.BehindAsync(Name) == 0, step);

    private static async Task AssertAllAsync(BillingWorld world, Receiver receiver, BillingTarget to)
    {
        var charges = await world.ChargesAsync();
        var taken = receiver.Taken.SelectMany(sent => Billed.Of(to, sent)).ToArray();
        var once = taken.DistinctBy(cost => cost.Id).ToArray();
        Assert.Equal(charges.Select(charge => charge.Id).Order(), once.Select(cost => cost.Id).Order());
        Assert.Equal(
            charges.Aggregate(Money.Zero, (sum, charge) => sum + charge.Cost),
            once.Aggregate(Money.Zero, (sum, cost) => sum + cost.Amount)
        );
        // A repeat is the same in every other way, too.
        Assert.Equal(once.Length, taken.Distinct().Count());
        Assert.Empty(await world.Export(Name).DeadLettersAsync(10));
    }

    private static Task CutAsync(HttpContext context)
    {
        context.Abort();
        return Task.CompletedTask;
    }
}
