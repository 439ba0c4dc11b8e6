using AgentBudget.Client.Tests.Ledgers;
using static AgentBudget.Client.Tests.Ledgers.SessionReading;

namespace AgentBudget.Client.Tests.Prices;

/// <summary>Calls that the price book prices: before, at the dearest they can be; after, by what they used.</summary>
public sealed class PricedCallTests(SharedLedger ledger)
{
    private static readonly TokenUsage Usage = new(1_842, 310);

    [Fact]
    public async Task Wrap_ByTokens_ReservesTheWorstCaseAndSettlesTheUsage()
    {
        await using var session = await ledger.OpenAsync("1.00");
        await session.WrapAsync(
            CallEstimate.Model("gpt-5", 2_000, 500),
            _ => Task.FromResult("answer"),
            _ => Usage,
            cancellationToken: TestContext.Current.CancellationToken
        );
        var reserved = Assert.Single(await session.EntriesAsync(EntryKind.Reserved));
        var settled = Assert.Single(await session.EntriesAsync(EntryKind.Settled));
        var price = PriceBook.Embedded.Price(null, "gpt-5", reserved.At, Usage);
        Assert.Equal(
            (price.Cost, price.RowId, PriceBook.Embedded.Version),
            (settled.Amount, settled.Call!.PriceRow, settled.Call.PriceTableVersion)
        );
        Assert.Equal(Usage, settled.Call.Usage);
        Assert.True(reserved.Amount > settled.Amount);
        Assert.Equal(
            PriceBook.Embedded.Version,
            (await session.ReportAsync(cancellationToken: TestContext.Current.CancellationToken)).PriceTableVersion
        );
    }

    [Fact]
    public async Task Wrap_VendorThatBillsASearchWithEveryRequest_ReservesAndSettlesItThoughUsageCountsNone()
    {
        await using var session = await ledger.OpenAsync("1.00");
        await session.WrapAsync(
            CallEstimate.Model("sonar", 1_000, 1_000, "perplexity"),
            _ => Task.FromResult("answer"),
            _ => new TokenUsage(1_000, 500),
            cancellationToken: TestContext.Current.CancellationToken
        );
        var reserved = Assert.Single(await session.EntriesAsync(EntryKind.Reserved));
        var settled = Assert.Single(await session.EntriesAsync(EntryKind.Settled));
        // A millionth for each token, and one search at 0.012.
        Assert.Equal((Money.Parse("0.014"), Money.Parse("0.0135")), (reserved.Amount, settled.Amount));
    }

    [Fact]
    public async Task Wrap_AnswerNamesAModelThatTheBookDoesNotKnow_IsPricedAsItWasAskedFor()
    {
        await using var session = await ledger.OpenAsync("1.00");
        await session.WrapAsync(
            CallEstimate.Model("gpt-5", 2_000, 500),
            _ => Task.FromResult("answer"),
            _ => ActualCost.Of(Usage, "gpt-5-snapshot-of-nowhere"),
            cancellationToken: TestContext.Current.CancellationToken
        );
        var settled = Assert.Single(await session.EntriesAsync(EntryKind.Settled));
        Assert.Equal(PriceBook.Embedded.Price(null, "gpt-5", settled.At, Usage).Cost, settled.Amount);
    }

    [Fact]
    public async Task Wrap_UnknownModel_IsRefusedBeforeTheCall()
    {
        await using var session = await ledger.OpenAsync("1.00");
        var made = false;
        var refused = await Assert.ThrowsAsync<UnpricedCallException>(() =>
            session.WrapAsync(
                CallEstimate.Model("gpt-5-xl-of-nowhere", 2_000, 500),
                _ => Task.FromResult(made = true),
                _ => Usage,
                cancellationToken: TestContext.Current.CancellationToken
            )
        );
        Assert.False(made);
        Assert.Equal(PriceProblem.UnknownModel, refused.Problem);
        Assert.Contains("gpt-5-xl-of-nowhere", refused.Message, StringComparison.Ordinal);
        Assert.Equal(1, (await session.NowAsync()).Sequence);
    }

    [Fact]
    public async Task Wrap_UsageThatIsImpossible_SettlesTheWholeReservation()
    {
        await using var session = await ledger.OpenAsync("1.00");
        var refused = await Assert.ThrowsAsync<UncostedCallException>(() =>
            session.WrapAsync(
                CallEstimate.Model("gpt-5", 2_000, 500),
                _ => Task.FromResult("answer"),
                _ => new TokenUsage(-1, 10),
                cancellationToken: TestContext.Current.CancellationToken
            )
        );
        Assert.Equal(("answer", PriceProblem.ImpossibleUsage), (refused.Result, ((UnpricedCallException)refused.InnerException!).Problem));
        var reserved = Assert.Single(await session.EntriesAsync(EntryKind.Reserved));
        var settled = Assert.Single(await session.EntriesAsync(EntryKind.Settled));
        Assert.Equal((reserved.Amount, CostSource.Reserved), (settled.Amount, settled.Call!.Source));
    }

    [Fact]
    public async Task Charge_ByTokens_RecordsThePriceOfTheBook()
    {
        await using var session = await ledger.OpenAsync("1.00");
        var answer = await session.ChargeAsync("claude-sonnet-4-5", Usage, "anthropic", TestContext.Current.CancellationToken);
        var charged = Assert.Single(await session.EntriesAsync(EntryKind.Charged));
        Assert.Equal(PriceBook.Embedded.Price("anthropic", "claude-sonnet-4-5", charged.At, Usage).Cost, answer.Amount);
        Assert.Equal("anthropic", charged.Call!.Provider);
    }

    [Fact]
    public async Task Charge_UnknownModel_RecordsNothing()
    {
        await using var session = await ledger.OpenAsync("1.00");
        await Assert.ThrowsAsync<UnpricedCallException>(() =>
            session.ChargeAsync("nobody-knows-me", Usage, cancellationToken: TestContext.Current.CancellationToken)
        );
        Assert.Equal(1, (await session.NowAsync()).Sequence);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("NaN")]
    [InlineData("1e9")]
    [InlineData("$")]
    [InlineData("")]
    public void Estimate_NotAnAmount_IsRefused(string dollars)
    {
        Assert.Throws<FormatException>(() => CallEstimate.Model("gpt-5", dollars));
        Assert.Throws<FormatException>(() => CallEstimate.Tool("search", dollars));
        Assert.Throws<FormatException>(() => ActualCost.Of(dollars));
    }

    [Fact]
    public void Sums_AnyOfTheForms_AreTheSame()
    {
        ActualCost converted = Dollars("0.01");
        Assert.Equal(ActualCost.Of("0.01"), converted);
        ActualCost used = Usage;
        Assert.Equal(ActualCost.Of(Usage), used);
    }
}
