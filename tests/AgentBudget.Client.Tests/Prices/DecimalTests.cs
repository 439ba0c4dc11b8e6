using AgentBudget.Client.Tests.Ledgers;
using static AgentBudget.Client.Tests.Ledgers.SessionReading;

namespace AgentBudget.Client.Tests.Prices;

/// <summary>Amounts as decimals stand wherever dollar strings do.</summary>
public sealed class DecimalTests(SharedLedger ledger)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Amounts_AsDecimals_AreWhatTheStringsAre()
    {
        await using var session = await ledger.Client.OpenAsync(1.00m, cancellationToken: Stop);
        await using var child = await session.OpenChildAsync("helper", 0.25m, Stop);
        await session.TopUpAsync(0.50m, cancellationToken: Stop);
        Assert.Equal(Dollars("1.50"), (await session.NowAsync()).Budget);
        await session.SetBudgetAsync(2m, cancellationToken: Stop);
        await session.RunToolAsync("search", 0.01m, _ => Task.FromResult(1), cancellationToken: Stop);
        await session.WrapTool<int, int>("look", 0.02m, (page, _) => Task.FromResult(page))(1, Stop);
        await session.TrackAsync("pages", "render", 0.03m, cancellationToken: Stop);
        await session.WrapAsync(CallEstimate.Model("gpt-5", 0.10m), _ => Task.FromResult(1), _ => 0.04m, cancellationToken: Stop);
        await session.ChargeAsync("gpt-5", 0.05m, cancellationToken: Stop);
        var standing = await session.NowAsync();
        Assert.Equal((Dollars("2.00"), Dollars("0.15"), Dollars("0.25")), (standing.Budget, standing.Spent, standing.Reserved));
    }

    [Fact]
    public async Task Tenant_WithAmountsAsDecimals_OpensAndToppedUp()
    {
        var tenant = ledger.Client.Tenant($"decimals-{Guid.CreateVersion7():N}");
        await tenant.SetAsync(new TenantSettings { TotalLimit = 10.00m }, cancellationToken: Stop);
        await tenant.TopUpAsync(5.00m, cancellationToken: Stop);
        await using var session = await tenant.OpenAsync(2.00m, cancellationToken: Stop);
        Assert.Equal(Dollars("2.00"), (await session.NowAsync()).Budget);
    }

    [Theory]
    [InlineData("0.0000000001")]
    [InlineData("-1")]
    public async Task Budget_ThatIsNoAmount_IsRefused(string dollars)
    {
        var budget = decimal.Parse(dollars, System.Globalization.CultureInfo.InvariantCulture);
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await ledger.Client.OpenAsync(budget, cancellationToken: Stop));
    }

    // A program that counted by itself could not say so: its cost stood there as the provider's word.
    [Fact]
    public async Task Cost_ThatTheCallerEstimated_IsMarkedAsSuch()
    {
        await using var session = await ledger.OpenAsync("1.00");
        await session.WrapAsync(
            CallEstimate.Model("gpt-5", 1_000, 100),
            _ => Task.FromResult(1),
            _ => ActualCost.Of(new TokenUsage(900, 50)) with { Source = CostSource.Estimated },
            cancellationToken: Stop
        );
        await session.ChargeAsync("gpt-5", ActualCost.Of("0.01") with { Source = CostSource.Estimated }, cancellationToken: Stop);
        Assert.Equal(CostSource.Estimated, Assert.Single(await session.EntriesAsync(EntryKind.Settled)).Call!.Source);
        Assert.Equal(CostSource.Estimated, Assert.Single(await session.EntriesAsync(EntryKind.Charged)).Call!.Source);
    }
}
