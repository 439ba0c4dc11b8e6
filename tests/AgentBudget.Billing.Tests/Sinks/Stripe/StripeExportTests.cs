using System.Text.Json;
using AgentBudget.Billing.Customers;
using AgentBudget.Billing.Exporting;

namespace AgentBudget.Billing.Tests.Sinks.Stripe;

/// <summary>What Stripe alone has: a limit of age, and ids that it forgets.</summary>
public sealed class StripeExportTests
{
    private const string Name = "bill";

    [Fact]
    public async Task Cost_OlderThanStripeTakes_IsKeptByNameAndTheOthersGo()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var world = await new BillingWorld().StartAsync();
        var old = await world.RunAsync("old", "acme");
        world.Clock.Advance(TimeSpan.FromDays(36));
        var young = await world.RunAsync("new", "acme");

        await world.RestartAsync(receiver, BillingTarget.Stripe);
        await world.UntilAsync(async () => await world.BehindAsync(Name) == 0);

        using var dead = JsonDocument.Parse(Assert.Single(await world.Export(Name).DeadLettersAsync(10)));
        Assert.Equal("it is older than the 35 days that Stripe takes", dead.RootElement.GetProperty("problem").GetString());
        Assert.Equal(old, dead.RootElement.GetProperty("cost").GetProperty("ledger").GetString());
        Assert.StartsWith(young + "#", Assert.Single(receiver.Taken).Form["identifier"]);
    }

    // Stripe takes it, the host is gone before it hears so, and is back when Stripe has forgotten the id: sent again it would count twice.
    [Fact]
    public async Task Cost_ThatMayHaveBeenTakenBeforeStripeForgotIt_IsSentAgainOnlyWhenSomebodySaysSo()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var world = new BillingWorld();
        await world.RestartAsync(receiver, BillingTarget.Stripe);
        receiver.OnRequest = (_, context) => Task.Delay(Timeout.Infinite, context.RequestAborted);
        var session = await world.RunAsync("one", "acme");
        await world.UntilAsync(() => receiver.All.Count > 0);
        await world.StopAsync();
        var (sent, id) = (receiver.All.Count, receiver.All[0].Form["identifier"]);

        receiver.OnRequest = (_, _) => Task.CompletedTask;
        world.Clock.Advance(TimeSpan.FromHours(25));
        await world.RestartAsync(receiver, BillingTarget.Stripe);
        await world.ChargeAsync(session);
        await world.UntilAsync(() => receiver.Taken.Count == 1);
        await world.UntilAsync(async () => await world.BehindAsync(Name) == 0);

        Assert.NotEqual(id, receiver.Taken[0].Form["identifier"]);
        Assert.Equal(sent + 1, receiver.All.Count);
        using var dead = JsonDocument.Parse(Assert.Single(await world.Export(Name).DeadLettersAsync(10)));
        Assert.True(dead.RootElement.TryGetProperty("doubtful_since", out _));
        Assert.Contains("24 hours", dead.RootElement.GetProperty("problem").GetString());

        await world.Export(Name).RetryAsync(withDoubtful: false);
        await world.PassAsync(TimeSpan.FromSeconds(3));
        Assert.Equal(sent + 1, receiver.All.Count);
        await world.Export(Name).RetryAsync(withDoubtful: true);
        await world.UntilAsync(() => receiver.Taken.Any(request => request.Form["identifier"] == id));
        await world.UntilAsync(async () => (await world.Export(Name).DeadLettersAsync(10)).Count == 0);
    }

    // The same with a dead letter that is tried again.
    [Fact]
    public async Task DeadLetter_ThatMayHaveBeenTakenBeforeStripeForgotIt_IsSentAgainOnlyWhenSomebodySaysSo()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var world = new BillingWorld();
        await world.RestartAsync(receiver, BillingTarget.Stripe);
        receiver.OnRequest = (_, context) => Receiver.AnswerAsync(context, 400, """{"error":{"message":"No such customer"}}""");
        await world.RunAsync("one", "acme");
        await world.UntilAsync(async () => (await world.Export(Name).DeadLettersAsync(10)).Count == 1);
        await world.UntilAsync(async () => await world.BehindAsync(Name) == 0);

        // Mended; Stripe takes it, and the host is gone before it hears so.
        receiver.OnRequest = (_, context) => Task.Delay(Timeout.Infinite, context.RequestAborted);
        var before = receiver.All.Count;
        await world.RestartAsync(receiver, BillingTarget.Stripe);
        await world.UntilAsync(() => receiver.All.Count > before);
        await world.StopAsync();
        var sent = receiver.All.Count;

        receiver.OnRequest = (_, _) => Task.CompletedTask;
        world.Clock.Advance(TimeSpan.FromHours(25));
        await world.RestartAsync(receiver, BillingTarget.Stripe);
        await world.PassAsync(TimeSpan.FromSeconds(3));
        Assert.Equal(sent, receiver.All.Count);
        Assert.Single(await world.Export(Name).DeadLettersAsync(10));

        await world.Export(Name).RetryAsync(withDoubtful: true);
        await world.UntilAsync(async () => (await world.Export(Name).DeadLettersAsync(10)).Count == 0);
        Assert.Equal(sent + 1, receiver.All.Count);
    }

    [Fact]
    public async Task Cost_ThatMayHaveBeenTakenAnHourAgo_IsSentAgainForStripeKnowsItsId()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var world = new BillingWorld();
        await world.RestartAsync(receiver, BillingTarget.Stripe);
        receiver.OnRequest = (_, context) => Task.Delay(Timeout.Infinite, context.RequestAborted);
        await world.RunAsync("one", "acme");
        await world.UntilAsync(() => receiver.All.Count > 0);
        await world.StopAsync();
        var id = receiver.All[0].Form["identifier"];

        receiver.OnRequest = (_, context) =>
            Receiver.AnswerAsync(context, 400, $$$"""{"error":{"message":"An event already exists with identifier {{{id}}}."}}""");
        world.Clock.Advance(TimeSpan.FromHours(1));
        await world.RestartAsync(receiver, BillingTarget.Stripe);
        await world.UntilAsync(async () => await world.BehindAsync(Name) == 0);

        Assert.All(receiver.All, request => Assert.Equal(id, request.Form["identifier"]));
        Assert.Empty(await world.Export(Name).DeadLettersAsync(10));
    }

    // From the ledger's side and from Stripe's: what is dead, or of another time, is in neither.
    [Fact]
    public async Task Totals_OffTheLedger_AreWhatStripeWasSentOfEachCustomer()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var world = new BillingWorld();
        await world.RestartAsync(receiver, BillingTarget.Stripe);
        await world.RunAsync("before", "acme", charges: 3);
        await world.UntilAsync(async () => await world.BehindAsync(Name) == 0);
        var from = world.Clock.GetUtcNow();
        world.Clock.Advance(TimeSpan.FromMinutes(1));
        await world.RunAsync("one", "acme", charges: 3, cost: "0.123456789");
        await world.RunAsync("two", "acme/research/alice", charges: 2, cost: "1.000000001");
        await world.RunAsync("three", "beta");
        await world.UntilAsync(async () => await world.BehindAsync(Name) == 0);

        var dead = (await world.Export(Name).DeadLettersAsync(10))
            .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("cost").GetProperty("id").GetString()!)
            .ToHashSet();
        var table = new Dictionary<string, string>
        {
            ["acme"] = "cus_acme",
            ["acme/research"] = "cus_research",
            ["beta"] = "cus_beta",
        };
        var read = new SentTotals(
            world.Budget.Grains.GetGrain<IBudgetEventFeed>(0),
            new CustomerTable(table, null, mayBeThemselves: false),
            dead
        );
        await read.ReadAsync(from.AddSeconds(1), world.Clock.GetUtcNow().AddSeconds(1), TestContext.Current.CancellationToken);
        var totals = read.ByCustomer;

        Assert.Null(read.KeptSince);
        Assert.Single(dead);
        Assert.Equal(
            [("cus_acme", Money.Parse("0.370370367")), ("cus_research", Money.Parse("2.000000002"))],
            totals.Select(total => (total.Key, total.Value)).Order()
        );
        var sent = receiver.Taken.Skip(3).SelectMany(request => Billed.Of(BillingTarget.Stripe, request));
        Assert.Equal(
            totals["cus_acme"],
            sent.Where(cost => cost.Customer == "cus_acme").Aggregate(Money.Zero, (sum, cost) => sum + cost.Amount)
        );
    }
}
