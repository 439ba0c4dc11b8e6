using AgentBudget.Client.Tests.Ledgers;
using static AgentBudget.Client.Tests.Ledgers.SessionReading;

namespace AgentBudget.Client.Tests.Prices;

/// <summary>Tier, region and speed travel with a call: asked for, they decide what is set aside; served, what is settled.</summary>
public sealed class ServedTermsTests(SharedLedger ledger)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    // Regression: tier, region and speed did not reach the budget, and a program on fast mode in a region ended at twice its budget.
    [Theory]
    [InlineData("claude-opus-4-8", null, "us", "fast", "0.165")] // 10,000 x 10 and 1,000 x 50 millionths, and a tenth more for the region
    [InlineData("gpt-5.4", "priority", "eu", null, "0.088")] // 10,000 x 5 and 1,000 x 30 millionths, and a tenth more for the region
    [InlineData("gpt-5", "priority", null, null, "0.045")] // 10,000 x 2.5 and 1,000 x 20 millionths
    public async Task Program_OnItsTerms_IsHeldToItsBudgetAsItIsBilled(
        string model,
        string? tier,
        string? region,
        string? speed,
        string billedEach
    )
    {
        var terms = new CallTerms(tier, region) { Speed = speed };
        await using var session = await ledger.OpenAsync("1.00");
        var billed = Money.Zero;
        await Assert.ThrowsAsync<BudgetExhaustedException>(async () =>
        {
            for (var i = 0; i < 100; i++)
            {
                await session.WrapAsync(
                    CallEstimate.Model(model, 10_000, 1_000) with
                    {
                        Terms = terms,
                    },
                    _ => Task.FromResult(billed += Dollars(billedEach)),
                    _ => ActualCost.Of(new TokenUsage(10_000, 1_000)) with { Terms = terms },
                    cancellationToken: Stop
                );
            }
        });

        var standing = await session.NowAsync();
        Assert.Equal(billed, standing.Spent);
        Assert.True(standing.Spent <= Dollars("1.00"));
        Assert.True(standing.Spent >= Dollars("0.70"));
        var settled = (await session.EntriesAsync(EntryKind.Settled))[0].Call!;
        Assert.Equal((tier, region, speed), (settled.ServiceTier, settled.Region, settled.Speed));
    }

    [Fact]
    public async Task Wrap_TierLeftToTheProvider_ReservesTheDearestAndSettlesWhatWasServed()
    {
        await using var session = await ledger.OpenAsync("1.00");
        await session.WrapAsync(
            CallEstimate.Model("gpt-5", 1_000, 1_000) with
            {
                Terms = new CallTerms("auto"),
            },
            _ => Task.FromResult("answer"),
            _ => ActualCost.Of(new TokenUsage(1_000, 1_000)) with { Terms = new CallTerms("flex") },
            cancellationToken: Stop
        );
        var reserved = Assert.Single(await session.EntriesAsync(EntryKind.Reserved));
        var settled = Assert.Single(await session.EntriesAsync(EntryKind.Settled));
        // Priority costs 2.5 and 20 a million, flex 0.625 and 5.
        Assert.Equal((Dollars("0.0225"), Dollars("0.005625")), (reserved.Amount, settled.Amount));
        Assert.Equal(("auto", "flex"), (reserved.Call!.ServiceTier, settled.Call!.ServiceTier));
    }

    [Fact]
    public async Task Wrap_ResponseDoesNotSayItsTerms_SettlesAsAskedFor()
    {
        await using var session = await ledger.OpenAsync("1.00");
        await session.WrapAsync(
            CallEstimate.Model("gpt-5", 1_000, 1_000) with
            {
                Terms = new CallTerms("priority"),
            },
            _ => Task.FromResult("answer"),
            _ => new TokenUsage(1_000, 1_000),
            cancellationToken: Stop
        );
        Assert.Equal(Dollars("0.0225"), (await session.NowAsync()).Spent);
    }

    [Fact]
    public async Task Wrap_TierLeftToTheProviderThatDoesNotSayIt_SettlesTheDearestAndMarksIt()
    {
        await using var session = await ledger.OpenAsync("1.00");
        await session.WrapAsync(
            CallEstimate.Model("gpt-5", 1_000, 1_000) with
            {
                Terms = new CallTerms("auto"),
            },
            _ => Task.FromResult("answer"),
            _ => new TokenUsage(1_000, 500),
            cancellationToken: Stop
        );
        var settled = Assert.Single(await session.EntriesAsync(EntryKind.Settled));
        // Priority: 1,000 x 2.5 and 500 x 20 millionths.
        Assert.Equal((Dollars("0.0125"), CostSource.Partial), (settled.Amount, settled.Call!.Source));
    }

    [Fact]
    public async Task Wrap_WithLimitsBesideTokens_ReservesThemAndSettlesWhatWasUsed()
    {
        await using var session = await ledger.OpenAsync("1.00");
        await session.WrapAsync(
            CallEstimate.Model("gpt-5", 1_000, 1_000) with
            {
                Beside = default(TokenUsage) with { WebSearches = 3, FileSearches = 4, Containers = 1 },
            },
            _ => Task.FromResult("answer"),
            _ => new TokenUsage(1_000, 1_000) { WebSearches = 1, FileSearches = 2 },
            cancellationToken: Stop
        );
        var reserved = Assert.Single(await session.EntriesAsync(EntryKind.Reserved));
        // 0.01125 of tokens; 3 x 0.01, 4 x 0.0025, 0.03; and then 0.01 and 2 x 0.0025.
        Assert.Equal(Dollars("0.08125"), reserved.Amount);
        Assert.Equal(Dollars("0.02625"), (await session.NowAsync()).Spent);
    }
}
