using AgentBudget.Client.Tests.Ledgers;
using Microsoft.Extensions.Logging;
using static AgentBudget.Client.Tests.Ledgers.SessionReading;

namespace AgentBudget.Client.Tests.Calls;

/// <summary>An estimate of ten tokens made a budget of a cent spend seven in silence.</summary>
public sealed class UnderestimatedCallTests(SharedLedger ledger)
{
    private readonly LogBook log = new();
    private readonly List<UnderestimatedCalls> told = [];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Calls_ThatCostFarMoreAgainAndAgain_AreSaidOnce()
    {
        await using var session = await OpenAsync();
        for (var i = 0; i < 6; i++)
            await session.CallAsync("0.01", "0.02");
        var said = Assert.Single(told);
        Assert.Equal(new UnderestimatedCalls("gpt-5", 3, Dollars("0.03"), Dollars("0.06")), said);
        Assert.Single(log.Lines, line => line.Level == LogLevel.Warning && line.Message.Contains("gpt-5", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("0.01", "0.0199")]
    [InlineData("0", "0")]
    public async Task Calls_WithinTheirEstimateOrALittleAboveIt_AreNotSaid(string most, string cost)
    {
        await using var session = await OpenAsync();
        for (var i = 0; i < 6; i++)
            await session.CallAsync(most, cost);
        Assert.Empty(told);
    }

    // What counts whole for each attempt says nothing of what one costs.
    [Fact]
    public async Task Calls_ThatCountedWholeForEachAttempt_AreNotSaid()
    {
        await using var session = await OpenAsync();
        for (var i = 0; i < 3; i++)
        {
            await using var call = await session.ReserveAsync(CallEstimate.Model("gpt-5", "0.10"), cancellationToken: Stop);
            await call.FailAsync(new AggregateException(new TimeoutException(), new TimeoutException(), new TimeoutException()));
        }

        Assert.Equal(Dollars("0.90"), (await session.NowAsync()).Spent);
        Assert.Empty(told);
    }

    [Fact]
    public async Task Calls_OfAToolThatWasEstimatedFree_AreSaidBesideThoseOfAModel()
    {
        await using var session = await OpenAsync();
        for (var i = 0; i < 3; i++)
        {
            await session.CallAsync("0.01", "0.05");
            await using var call = await session.ReserveAsync(CallEstimate.Tool("search", "0", $"{i}"), cancellationToken: Stop);
            await call.SettleAsync(0.01m);
        }

        Assert.Equal(["gpt-5", "search"], told.Select(calls => calls.Name).Order());
    }

    private Task<BudgetSession> OpenAsync() =>
        ledger
            .NewClient(logger: log)
            .OpenAsync(10.00m, callbacks: new SessionCallbacks { OnUnderestimated = told.Add }, cancellationToken: Stop);
}
