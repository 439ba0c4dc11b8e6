using AgentBudget.Client.Tests.Ledgers;
using static AgentBudget.Client.Tests.Ledgers.SessionReading;

namespace AgentBudget.Client.Tests.Prices;

/// <summary>What a client's options do to prices: unknown models, tools, and prices that change while a call runs.</summary>
public sealed class PricingOptionTests(SharedLedger ledger)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static PriceBook BookOf(string usd) =>
        PriceBook.Parse(
            PriceFile.FromText(
                "ours.json",
                $$"""{ "provider": "ours", "models": [ { "model": "m", "rows": [ { "usd_per_million_tokens": { "input": "{{usd}}", "output": "{{usd}}" }, "source": "https://example.com", "retrieved": "2026-01-01" } ] } ] }"""
            )
        );

    private static Task<BudgetSession> OpenAsync(AgentBudgetClient client, UnknownModelPolicy policy) =>
        client.OpenAsync(new BudgetSessionOptions { Budget = Money.Parse("10"), UnknownModels = policy }, cancellationToken: Token);

    [Fact]
    public async Task UnknownModel_WithFallback_ReservesAndSettlesAtItsRate()
    {
        var client = ledger.NewClient(options =>
            options.UnknownModels = new UnknownModelRules { Fallback = new FallbackRate(100m, 1_000m) }
        );
        await using var session = await OpenAsync(client, UnknownModelPolicy.Fallback);

        await session.WrapAsync(
            CallEstimate.Model("of-nowhere", 1_000, 1_000),
            _ => Task.FromResult("answer"),
            _ => new TokenUsage(500, 100),
            cancellationToken: Token
        );

        Assert.Equal(Money.Parse("1.1"), Assert.Single(await session.EntriesAsync(EntryKind.Reserved)).Amount);
        var settled = Assert.Single(await session.EntriesAsync(EntryKind.Settled));
        Assert.Equal((Money.Parse("0.15"), UnknownModelPricing.FallbackRowId), (settled.Amount, settled.Call!.PriceRow));
    }

    // A second process refused what the first one took: the policy was the opener's alone.
    [Fact]
    public async Task UnknownModel_OfASessionThatWasTakenUp_IsTreatedAsItWasOpened()
    {
        var script = new GrainScript();
        var client = ledger.NewClient(
            options => options.UnknownModels = new UnknownModelRules { Fallback = new FallbackRate(100m, 1_000m) },
            script: script
        );
        await using var opened = await OpenAsync(client, UnknownModelPolicy.Fallback);
        await using var taken = client.Get(opened.Id);
        await taken.ChargeAsync("gpt-5", new TokenUsage(500, 100), cancellationToken: Token);
        Assert.Equal(0, script.Attempts(nameof(IBudgetSession.ReportAsync)));
        await taken.ChargeAsync("of-nowhere", new TokenUsage(500, 100), cancellationToken: Token);
        await taken.WrapAsync(
            CallEstimate.Model("of-nowhere", 1_000, 1_000),
            _ => Task.FromResult("answer"),
            _ => new TokenUsage(500, 100),
            cancellationToken: Token
        );
        Assert.Equal(1, script.Attempts(nameof(IBudgetSession.ReportAsync)));
        Assert.Equal(Money.Parse("0.15"), Assert.Single(await taken.EntriesAsync(EntryKind.Settled)).Amount);

        await using var strict = client.Get((await OpenAsync(client, UnknownModelPolicy.Reject)).Id);
        await Assert.ThrowsAsync<UnpricedCallException>(() =>
            strict.ChargeAsync("of-nowhere", new TokenUsage(500, 100), cancellationToken: Token)
        );
    }

    [Fact]
    public async Task UnknownModel_OnTheFreeList_CostsNothingAndOthersAreRefused()
    {
        var client = ledger.NewClient(options => options.UnknownModels = new UnknownModelRules { FreePatterns = ["local-*"] });
        await using var session = await OpenAsync(client, UnknownModelPolicy.ZeroWithWarning);

        await session.ChargeAsync("local-llama", new TokenUsage(1_000, 1_000), cancellationToken: Token);

        Assert.Equal(UnknownModelPricing.FreeRowId, Assert.Single(await session.EntriesAsync(EntryKind.Charged)).Call!.PriceRow);
        await Assert.ThrowsAsync<UnpricedCallException>(() =>
            session.ChargeAsync("remote-llama", new TokenUsage(1, 1), cancellationToken: Token)
        );
    }

    [Fact]
    public async Task Rules_WithoutAPolicyOfTheSession_ChangeNothing()
    {
        var client = ledger.NewClient(options =>
            options.UnknownModels = new UnknownModelRules { Fallback = new FallbackRate(1m, 1m), FreePatterns = ["*"] }
        );
        await using var session = await OpenAsync(client, UnknownModelPolicy.Reject);
        await Assert.ThrowsAsync<UnpricedCallException>(() =>
            session.ChargeAsync("of-nowhere", new TokenUsage(1, 1), cancellationToken: Token)
        );
    }

    [Fact]
    public async Task Prices_ThatChangeDuringACall_SettleWithTheVersionOfTheReservation()
    {
        var source = new ChangingPrices(BookOf("1000"));
        await using var session = await OpenAsync(ledger.NewClient(options => options.PriceSource = source), UnknownModelPolicy.Reject);

        await session.WrapAsync(
            CallEstimate.Model("m", 1_000, 1_000),
            _ => Task.FromResult(source.Current = BookOf("2000")),
            _ => new TokenUsage(1_000, 0),
            cancellationToken: Token
        );

        var reserved = Assert.Single(await session.EntriesAsync(EntryKind.Reserved));
        var settled = Assert.Single(await session.EntriesAsync(EntryKind.Settled));
        Assert.Equal(Money.Parse("1"), settled.Amount);
        Assert.Equal(reserved.Call!.PriceTableVersion, settled.Call!.PriceTableVersion);
        Assert.NotEqual(source.Current.Version, settled.Call.PriceTableVersion);
    }

    [Fact]
    public async Task Tool_OfTheRegistry_ReservesItsMostAndSettlesWhatItDid()
    {
        var costs = new ToolCosts([
            KeyValuePair.Create(
                "scrape",
                ToolCost.Estimated(_ => Money.Parse("0.50"), (_, result) => Money.FromNanoDollars((int)result! * 10_000_000L))
            ),
        ]);
        await using var session = await OpenAsync(ledger.NewClient(options => options.Tools = () => costs), UnknownModelPolicy.Reject);

        Assert.Equal(3, await session.RunToolAsync("scrape", _ => Task.FromResult(3), """{"pages":3}""", Token));

        Assert.Equal(Money.Parse("0.50"), Assert.Single(await session.EntriesAsync(EntryKind.Reserved)).Amount);
        Assert.Equal(Money.Parse("0.03"), Assert.Single(await session.EntriesAsync(EntryKind.Settled)).Amount);
    }

    [Fact]
    public async Task Tool_OutsideTheRegistry_IsNotRun()
    {
        await using var session = await ledger.OpenAsync("1.00");
        var ran = false;
        var refused = await Assert.ThrowsAsync<UnpricedToolException>(() =>
            session.RunToolAsync("nobody", _ => Task.FromResult(ran = true), "{}", Token)
        );
        Assert.False(ran);
        Assert.Equal("nobody", refused.Tool);
    }

    [Fact]
    public async Task Prompt_OfText_ReservesItsTokensAtTheWorstCase()
    {
        await using var session = await ledger.OpenAsync("10.00");
        var prompt = new PromptText(["You are terse.", "What is the capital of France?"], ["""{"name":"search"}"""]);
        var tokens = TokenEstimator.Shared.Estimate("gpt-5", prompt);

        await session.WrapAsync(
            CallEstimate.Prompt("gpt-5", prompt, 500),
            _ => Task.FromResult("Paris"),
            _ => new TokenUsage(30, 2),
            cancellationToken: Token
        );

        var reserved = Assert.Single(await session.EntriesAsync(EntryKind.Reserved));
        Assert.InRange(tokens, 30, 100);
        Assert.True(PriceBook.Embedded.TryResolve(null, "gpt-5", reserved.At, out var row));
        Assert.Equal(PriceBook.Embedded.WorstCase(row, tokens, 500).Price.Cost, reserved.Amount);
    }

    // gemini-2.5-flash-image: input 0.30, output 2.50, images out 30 dollars a million.
    [Fact]
    public async Task ModelThatDraws_Wrapped_ReservesAndSettlesByWhatTheUsageTells()
    {
        await using var session = await ledger.OpenAsync("10.00");
        var open = new TokenUsage(1_000, 1_000);
        var drawn = open with { OutputImage = 900 };

        await WrapAsync(open);
        await WrapAsync(drawn);
        await WrapAsync(ActualCost.Of(open) with { CountsImages = true });
        await session.ChargeAsync("gemini-2.5-flash-image", open, "google", Token);
        await session.ChargeAsync("gemini-2.5-flash-image", ActualCost.Of(open) with { CountsImages = true }, "google", Token);

        Assert.All(await session.EntriesAsync(EntryKind.Reserved), reserved => Assert.Equal(Money.Parse("0.0303"), reserved.Amount));
        var settled = await session.EntriesAsync(EntryKind.Settled);
        // 1,000 x 0.30 + 1,000 x 30; 1,000 x 0.30 + 900 x 30 + 100 x 2.50; 1,000 x 0.30 + 1,000 x 2.50.
        Assert.Equal([Money.Parse("0.0303"), Money.Parse("0.02755"), Money.Parse("0.0028")], settled.Select(entry => entry.Amount));
        Assert.Equal([CostSource.Partial, CostSource.Provider, CostSource.Provider], settled.Select(entry => entry.Call!.Source));
        Assert.Equal([open, drawn, open], settled.Select(entry => entry.Call!.Usage));
        var charged = await session.EntriesAsync(EntryKind.Charged);
        Assert.Equal([Money.Parse("0.0303"), Money.Parse("0.0028")], charged.Select(entry => entry.Amount));
        Assert.Equal([CostSource.Partial, CostSource.Provider], charged.Select(entry => entry.Call!.Source));

        Task WrapAsync(ActualCost cost) =>
            session.WrapAsync(
                CallEstimate.Model("gemini-2.5-flash-image", 1_000, 1_000, "google"),
                _ => Task.FromResult("answer"),
                _ => cost,
                cancellationToken: Token
            );
    }

    private sealed class ChangingPrices(PriceBook first) : IPriceBookSource
    {
        public PriceBook Current { get; set; } = first;
    }
}
