using AgentBudget.Client.Tests.Ledgers;
using static AgentBudget.Client.Tests.Ledgers.SessionReading;

namespace AgentBudget.Client.Tests.Stops;

/// <summary>Callbacks: once each, after the operation is durable, with the report.</summary>
public sealed class CallbackTests(SharedLedger ledger)
{
    private readonly List<SessionReport> soft = [];
    private readonly List<SessionReport> hard = [];
    private readonly List<SessionReport> loops = [];

    private SessionCallbacks Callbacks =>
        new()
        {
            OnSoftLimit = soft.Add,
            OnHardLimit = hard.Add,
            OnLoop = loops.Add,
        };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Callbacks_SpendingToTheEnd_ComeOnceEachInOrder()
    {
        await using var session = await ledger.OpenAsync("1.00", Callbacks);
        await session.CallAsync("0.80", "0.80");
        Assert.Empty(soft);
        await session.CallAsync("0.12", "0.12");
        Assert.Equal(Dollars("0.92"), Assert.Single(soft).TotalSpent);
        Assert.Empty(hard);
        for (var i = 0; i < 3; i++)
            await Assert.ThrowsAsync<BudgetExhaustedException>(() => session.CallAsync("0.20", "0.20"));
        Assert.Equal("budget_exhausted", Assert.Single(hard).TerminatedBy);
        Assert.Single(soft);
        Assert.Empty(loops);
    }

    [Fact]
    public async Task Callbacks_OneChargeCrossesBothLimits_BothCome()
    {
        await using var session = await ledger.OpenAsync("1.00", Callbacks);
        await Assert.ThrowsAsync<BudgetExhaustedException>(() => session.ChargeAsync(Call.Model("gpt-5"), Dollars("1.50"), Token));
        Assert.Equal((1, 1, 0), (soft.Count, hard.Count, loops.Count));
        Assert.Equal(Dollars("1.50"), hard[0].TotalSpent);
    }

    [Fact]
    public async Task Callbacks_SeveralSoftLimits_ComeOnceForEach()
    {
        var options = new BudgetSessionOptions { Budget = Dollars("1.00"), SoftLimits = [0.5m, 0.8m] };
        await using var session = await ledger.Client.OpenAsync(options, callbacks: Callbacks, cancellationToken: Token);
        for (var i = 0; i < 9; i++)
            await session.CallAsync("0.10", "0.10");
        Assert.Equal([Dollars("0.50"), Dollars("0.80")], soft.Select(report => report.TotalSpent));
    }

    [Fact]
    public async Task Callbacks_Loop_ComesOnce()
    {
        await using var session = await ledger.OpenWithLoopsAsync("1.00", Callbacks);
        for (var i = 0; i < 2; i++)
            await ToolAsync();
        for (var i = 0; i < 3; i++)
            await Assert.ThrowsAsync<LoopDetectedException>(ToolAsync);
        Assert.Equal("loop_detected", Assert.Single(loops).TerminatedBy);
        Assert.Empty(hard);

        Task<int> ToolAsync() => session.RunToolAsync("search", "0.01", _ => Task.FromResult(1), "{}", Token);
    }

    [Fact]
    public async Task Callbacks_ManyCallsAtOnce_ComeOnceEach()
    {
        await using var session = await ledger.OpenAsync(
            "1.00",
            new SessionCallbacks { OnSoftLimit = Locked(soft), OnHardLimit = Locked(hard) }
        );
        var running = Enumerable
            .Range(0, 60)
            .Select(async _ =>
            {
                try
                {
                    await session.CallAsync("0.05", "0.05");
                }
                catch (MoneyRefusedException) { }
            });
        await Task.WhenAll(running).InTimeAsync();
        Assert.Equal((1, 1), (soft.Count, hard.Count));
    }

    [Fact]
    public async Task Callbacks_OfAChild_AreThoseOfItsSession()
    {
        await using var session = await ledger.OpenAsync("1.00", Callbacks);
        await using var child = await session.OpenSharedChildAsync("helper", Token);
        await child.CallAsync("0.95", "0.95");
        Assert.Equal("helper", Assert.Single(soft).Child);
    }

    // The first answer is lost, so the one that arrives is a replay; it is news to this client all the same.
    [Fact]
    public async Task Callbacks_AnswerLostOnTheWay_StillCome()
    {
        var script = new GrainScript().Lose(nameof(IBudgetSession.ChargeAsync), Loss.Answer, new TimeoutException());
        var client = ledger.NewClient(clock: new SkippingClock(), script: script);
        await using var session = await client.OpenAsync("1.00", callbacks: Callbacks, cancellationToken: Token);
        await session.ChargeAsync(Call.Model("gpt-5"), Dollars("0.95"), Token);
        Assert.Equal(2, script.Attempts(nameof(IBudgetSession.ChargeAsync)));
        Assert.Equal(Dollars("0.95"), Assert.Single(soft).TotalSpent);
    }

    // The same for the exception: a charge over the budget threw, unless its first answer was lost.
    [Fact]
    public async Task Charge_OverTheBudgetAndAnswerLost_StillThrows()
    {
        var script = new GrainScript().Lose(nameof(IBudgetSession.ChargeAsync), Loss.Answer, new TimeoutException());
        var client = ledger.NewClient(clock: new SkippingClock(), script: script);
        await using var session = await client.OpenAsync("1.00", callbacks: Callbacks, cancellationToken: Token);
        var over = await Assert.ThrowsAsync<BudgetExhaustedException>(() =>
            session.ChargeAsync(Call.Model("gpt-5"), Dollars("1.50"), Token)
        );
        Assert.Equal(Dollars("1.50"), over.Report!.TotalSpent);
        Assert.Single(hard);
    }

    private static Action<SessionReport> Locked(List<SessionReport> reports) =>
        report =>
        {
            lock (reports)
                reports.Add(report);
        };
}
