using System.Globalization;
using System.Text.Json;

namespace AgentBudget.Billing.Tests.Sinks.Lines;

/// <summary>JSON lines off a real ledger: what they say adds up to what the sessions report, to the nano-dollar.</summary>
public sealed class LinesExportTests
{
    private const string Name = "bill";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lines_OfADay_AddUpToTheReportsOfTheSessions()
    {
        await using var world = await StartAsync();
        var sessions = await ADayAsync(world);

        await world.UntilAsync(async () => await world.BehindAsync(Name) == 0);

        var lines = await LinesAsync(world);
        var reported = Money.Zero;
        foreach (var session in sessions)
            reported += (await world.Budget.Client.Get(session).ReportAsync(cancellationToken: Cancelled)).Standing.Spent;
        Assert.Equal(reported, SumOf(lines));
        Assert.Equal((await world.ChargesAsync()).Select(charge => charge.Id), lines.Select(Id));
        Assert.Equal(
            ["charge.corrected", "charge.late", "charge.recorded", "charge.settled"],
            lines.Select(line => line.GetProperty("type").GetString()!).Distinct().Order()
        );
        Assert.Contains(lines, line => line.GetProperty("amount_usd").GetString() == "-0.050000000");
        Assert.Equal("acme/research", lines[0].GetProperty("customer").GetString());
    }

    [Fact]
    public async Task Lines_OverRestarts_LoseNothingAndRepeatUnderTheSameId()
    {
        await using var world = await StartAsync();
        await world.RunAsync("one", charges: 20);
        for (var i = 0; i < 3; i++)
        {
            // Wherever it is: nobody waits for it.
            await StartAsync(world);
            await world.ChargeAsync("one", charges: 20);
        }

        await world.UntilAsync(async () => await world.BehindAsync(Name) == 0);

        var lines = await LinesAsync(world);
        var once = lines.DistinctBy(Id).ToArray();
        Assert.Equal((await world.ChargesAsync()).Select(charge => charge.Id).Order(), once.Select(Id).Order());
        Assert.Equal(Money.Parse("0.800000080"), SumOf(once));
    }

    [Fact]
    public async Task Lines_OfAPlaceThatIsPutBack_AreTheSameToTheByte()
    {
        await using var world = await StartAsync();
        await world.RunAsync("one", charges: 5);
        await world.UntilAsync(async () => await world.BehindAsync(Name) == 0);
        var before = await TextAsync(world);

        var feed = world.Budget.Grains.GetGrain<IBudgetEventFeed>(0);
        await feed.MoveAsync("billing/" + Name, EventCursor.Start(0));
        await StartAsync(world);
        await world.UntilAsync(async () => await world.BehindAsync(Name) == 0);

        Assert.Equal(before + before, await TextAsync(world));
    }

    [Fact]
    public async Task Cost_OfATenantWithoutACustomer_IsKeptByNameAndGoesOnceItHasOne()
    {
        var export = new BillingExportOptions { Name = Name, FromStart = true };
        export.Customers["acme"] = "cus_acme";
        await using var world = new BillingWorld();
        export.Path = world.Path("costs.jsonl");
        await world.StartAsync(export);
        var unpaid = await world.RunAsync("one", "beta");
        await world.RunAsync("two", "acme/research");
        await world.UntilAsync(async () => await world.BehindAsync(Name) == 0);

        Assert.Equal("cus_acme", Assert.Single(await LinesAsync(world)).GetProperty("customer").GetString());
        using var dead = JsonDocument.Parse(Assert.Single(await world.Export(Name).DeadLettersAsync(10)));
        Assert.Equal("the tenant beta has no customer", dead.RootElement.GetProperty("problem").GetString());
        Assert.Equal(unpaid, dead.RootElement.GetProperty("cost").GetProperty("ledger").GetString());

        export.Customers["beta"] = "cus_beta";
        await world.StartAsync(export);
        await world.UntilAsync(async () => (await LinesAsync(world)).Length == 2);

        Assert.Equal("cus_beta", (await LinesAsync(world))[1].GetProperty("customer").GetString());
        await world.UntilAsync(async () => (await world.Export(Name).DeadLettersAsync(10)).Count == 0);
    }

    [Fact]
    public async Task Export_WithTooManyDeadLetters_ReadsNoMoreAndLosesNothing()
    {
        await using var world = new BillingWorld();
        var export = new BillingExportOptions
        {
            Name = Name,
            FromStart = true,
            Path = world.Path("costs.jsonl"),
            Customers = { ["acme"] = "cus_acme" },
        };
        world.Configure = billing => billing.MaxDeadLetters = 2;
        await world.StartAsync(export);
        await world.RunAsync("one", "beta", charges: 3);
        await world.UntilAsync(async () => (await world.Export(Name).DeadLettersAsync(10)).Count >= 2);
        await world.RunAsync("two", "acme", charges: 3);
        await world.PassAsync(TimeSpan.FromSeconds(2));
        var kept = (await world.Export(Name).DeadLettersAsync(10)).Count;

        export.DefaultCustomer = "cus_all";
        await world.StartAsync(export);
        await world.UntilAsync(async () => (await LinesAsync(world)).Length == 6);

        Assert.InRange(kept, 2, 3);
        Assert.Equal(Money.Parse("0.060000006"), SumOf((await LinesAsync(world)).DistinctBy(Id)));
    }

    private static Task<BillingWorld> StartAsync(BillingWorld? world = null)
    {
        world ??= new BillingWorld();
        return world.StartAsync(
            new BillingExportOptions
            {
                Name = Name,
                Path = world.Path("costs.jsonl"),
                FromStart = true,
            }
        );
    }

    // Settled, recorded, late, corrected; a child with money of its own, and one who only looks.
    private static async Task<string[]> ADayAsync(BillingWorld world)
    {
        var writer = await world.Budget.Tenant("acme/research").OpenAsync("$5.00", "writer");
        await writer.ChargeAsync("gpt-5", new TokenUsage(12_000, 800), cancellationToken: Cancelled);
        var reserved = await writer.Grain.ReserveAsync(
            new ReserveCommand
            {
                Amount = Money.Parse("0.30"),
                Call = Call.Model("gpt-5"),
                Key = "r",
            }
        );
        await writer.Grain.SettleAsync(
            new SettleCommand
            {
                ReservationId = reserved.EntrySequence,
                Cost = Money.Parse("0.123456789"),
                Key = "s",
            }
        );
        await using (var critic = await writer.OpenChildAsync("critic", "$1.00", cancellationToken: Cancelled))
            await critic.ChargeAsync("gpt-5-mini", new TokenUsage(8_000, 400), cancellationToken: Cancelled);
        await writer.DisposeAsync();

        var support = await world.Budget.Tenant("acme").OpenAsync("$2.00", "support");
        var wrong = await support.Grain.ChargeAsync(Charge("0.250000001", "w"));
        await support.Grain.CorrectAsync(
            new CorrectCommand
            {
                EntrySequence = wrong.EntrySequence,
                Difference = -Money.Parse("0.05"),
                Reason = "price of March",
                Key = "c",
            }
        );
        await support.DisposeAsync();
        await support.Grain.ChargeAsync(Charge("0.07", "l"));

        var observed = new BudgetSessionOptions { Budget = Money.Parse("0.01"), Mode = SessionMode.Observe };
        var looking = await world.Budget.Tenant("beta").OpenAsync(observed, "look");
        await looking.ChargeAsync("gpt-5", new TokenUsage(20_000, 2_000), cancellationToken: Cancelled);
        await looking.DisposeAsync();
        return [writer.Id, support.Id, looking.Id];
    }

    private static ChargeCommand Charge(string cost, string key) =>
        new()
        {
            Call = Call.Model("house-model"),
            Cost = Money.Parse(cost),
            Key = key,
        };

    private static async Task<JsonElement[]> LinesAsync(BillingWorld world) =>
        [
            .. (await TextAsync(world))
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonDocument.Parse(line).RootElement.Clone()),
        ];

    private static async Task<string> TextAsync(BillingWorld world)
    {
        if (!File.Exists(world.Path("costs.jsonl")))
            return "";
        // The one who writes it has it open.
        await using var file = new FileStream(world.Path("costs.jsonl"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        return await reader.ReadToEndAsync(Cancelled);
    }

    private static string Id(JsonElement line) => line.GetProperty("id").GetString()!;

    private static Money SumOf(IEnumerable<JsonElement> lines) =>
        lines.Aggregate(
            Money.Zero,
            (sum, line) => sum + Money.FromDollars(decimal.Parse(line.GetProperty("amount_usd").GetString()!, CultureInfo.InvariantCulture))
        );
}
