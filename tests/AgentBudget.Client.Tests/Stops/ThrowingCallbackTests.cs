using AgentBudget.Client.Tests.Ledgers;
using Microsoft.Extensions.Logging;
using static AgentBudget.Client.Tests.Ledgers.SessionReading;

namespace AgentBudget.Client.Tests.Stops;

/// <summary>
/// Callbacks that throw. Their exceptions used to come out of the operation: the result of a call that was made and paid was lost, and
/// a refusal was hidden behind them.
/// </summary>
public sealed class ThrowingCallbackTests(SharedLedger ledger)
{
    private readonly LogBook log = new();
    private readonly List<string> called = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Wrap_SoftLimitThrows_GivesTheResultAndSettles()
    {
        await using var session = await OpenAsync();
        Assert.Equal("answer", await session.CallAsync("0.95", "0.95"));
        var now = await session.NowAsync();
        Assert.Equal((Dollars("0.95"), Money.Zero), (now.Spent, now.Reserved));
        AssertLogged("OnSoftLimit");
    }

    [Fact]
    public async Task Wrap_HardLimitThrowsAtARefusal_IsRefusedAllTheSame()
    {
        await using var session = await OpenAsync();
        await session.CallAsync("0.50", "0.50");
        var refused = await Assert.ThrowsAsync<BudgetExhaustedException>(() => session.CallAsync("0.60", "0.60"));
        Assert.Equal((RefusalReason.BudgetExhausted, Dollars("0.50")), (refused.Refusal.Reason, refused.Report!.TotalSpent));
        AssertLogged("OnHardLimit");
    }

    [Fact]
    public async Task Wrap_CallCostsMoreThanTheBudget_GivesTheResultAndCallsBothCallbacks()
    {
        await using var session = await OpenAsync();
        Assert.Equal("answer", await session.CallAsync("0.50", "1.50"));
        AssertLogged("OnSoftLimit", "OnHardLimit");
    }

    [Fact]
    public async Task Wrap_LoopCallbackThrows_IsALoopAllTheSame()
    {
        await using var session = await OpenAsync();
        for (var i = 0; i < 2; i++)
            await PollAsync(session);
        await Assert.ThrowsAsync<LoopDetectedException>(() => PollAsync(session));
        AssertLogged("OnLoop");
    }

    [Fact]
    public async Task Tool_LoopWarningThrows_IsRunAndPaid()
    {
        await using var session = await NewClient().OpenAsync("1.00", callbacks: Throwing(), cancellationToken: Token);
        var made = 0;
        for (var i = 0; i < 4; i++)
            Assert.Equal(1, await session.RunToolAsync("poll", "0.01", _ => Task.FromResult(made++ < 0 ? 0 : 1), "{}", Token));
        var now = await session.NowAsync();
        Assert.Equal((4, Dollars("0.04"), Money.Zero), (made, now.Spent, now.Reserved));
        AssertLogged("OnLoopWarning");
    }

    // How a program keeps a call from being made that looks like the beginning of a loop.
    [Fact]
    public async Task Tool_LoopWarningCancelsItsToken_IsNotRunAndItsMoneyComesBack()
    {
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var callbacks = new SessionCallbacks { OnLoopWarning = _ => cancelled.Cancel() };
        await using var session = await ledger.OpenAsync("1.00", callbacks);
        var made = 0;
        for (var i = 0; i < 3; i++)
            await ToolAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(ToolAsync);
        var now = await session.NowAsync();
        Assert.Equal((3, Money.Zero, Dollars("0.97")), (made, now.Reserved, now.Available));

        Task<int> ToolAsync() => session.RunToolAsync("poll", "0.01", _ => Task.FromResult(made++ < 0 ? 0 : 1), "{}", cancelled.Token);
    }

    [Fact]
    public async Task Charge_SoftLimitThrows_GivesTheAnswer()
    {
        await using var session = await OpenAsync();
        var answer = await session.ChargeAsync(Call.Model("gpt-5"), Dollars("0.95"), Token);
        Assert.Equal(Dollars("0.95"), answer.Standing.Spent);
        AssertLogged("OnSoftLimit");
    }

    [Fact]
    public async Task Charge_OverTheBudgetAndHardLimitThrows_ThrowsTheLimit()
    {
        await using var session = await OpenAsync();
        var over = await Assert.ThrowsAsync<BudgetExhaustedException>(() =>
            session.ChargeAsync(Call.Model("gpt-5"), Dollars("1.50"), Token)
        );
        Assert.Equal(Dollars("1.50"), over.Report!.TotalSpent);
        AssertLogged("OnSoftLimit", "OnHardLimit");
    }

    [Fact]
    public async Task Track_SoftLimitThrows_GivesTheResult()
    {
        await using var session = await OpenAsync();
        Assert.Equal("found", await session.TrackAsync("found", "search", "0.95", cancellationToken: Token));
        AssertLogged("OnSoftLimit");
    }

    [Fact]
    public async Task Wrap_CallFailsAndSoftLimitThrows_ThrowsTheCallsOwnError()
    {
        await using var session = await OpenAsync();
        await Assert.ThrowsAsync<TimeoutException>(() =>
            session.WrapAsync<int>(
                CallEstimate.Model("gpt-5", "0.95"),
                _ => throw new TimeoutException("mine"),
                _ => Money.Zero,
                cancellationToken: Token
            )
        );
        Assert.Equal(Dollars("0.95"), (await session.NowAsync()).Spent);
        AssertLogged("OnSoftLimit");
    }

    [Fact]
    public async Task Wrap_CallFailsAndThePolicyThrows_ThrowsTheCallsOwnErrorAndCountsAllAsSpent()
    {
        var client = NewClient(configure: options => options.OnFailedCall = _ => throw new NotSupportedException("policy"));
        await using var session = await client.OpenAsync("1.00", cancellationToken: Token);
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            session.WrapAsync<int>(
                CallEstimate.Model("gpt-5", "0.30"),
                _ => throw new InvalidOperationException("mine"),
                _ => Money.Zero,
                cancellationToken: Token
            )
        );
        var now = await session.NowAsync();
        Assert.Equal((Dollars("0.30"), Money.Zero), (now.Spent, now.Reserved));
        Assert.Equal("policy", Assert.Single(log.Lines).Exception!.Message);
    }

    // The report is asked for after the cost is settled: a ledger that goes away in between must not make of a paid result an unsettled
    // one.
    [Fact]
    public async Task Wrap_ReportCannotBeHadAfterTheSettlement_GivesTheResult()
    {
        var script = new GrainScript().Fail(nameof(IBudgetSession.ReportAsync), () => new TimeoutException());
        await using var session = await NewClient(script).OpenAsync("1.00", callbacks: Throwing(), cancellationToken: Token);
        Assert.Equal("answer", await session.CallAsync("0.95", "0.95"));
        Assert.Empty(called);
        Assert.Equal(LogLevel.Warning, Assert.Single(log.Lines).Level);
    }

    [Fact]
    public async Task Wrap_ReportCannotBeHadAfterARefusal_IsRefusedWithoutIt()
    {
        var script = new GrainScript().Fail(nameof(IBudgetSession.ReportAsync), () => new TimeoutException());
        await using var session = await NewClient(script).OpenAsync("1.00", cancellationToken: Token);
        var refused = await Assert.ThrowsAsync<CallTooLargeException>(() => session.CallAsync("1.10", "1.10"));
        Assert.Equal((RefusalReason.TooLarge, null), (refused.Refusal.Reason, refused.Report));
    }

    private AgentBudgetClient NewClient(GrainScript? script = null, Action<AgentBudgetClientOptions>? configure = null) =>
        ledger.NewClient(configure, clock: new SkippingClock(), script: script, logger: log);

    private Task<BudgetSession> OpenAsync() =>
        NewClient()
            .OpenAsync(
                new BudgetSessionOptions
                {
                    Budget = Dollars("1.00"),
                    Loops = new LoopPolicy { Rule = new LoopRule { Calls = 3 } },
                },
                callbacks: Throwing(),
                cancellationToken: Token
            );

    private SessionCallbacks Throwing() =>
        new()
        {
            OnSoftLimit = _ => Throw("OnSoftLimit"),
            OnHardLimit = _ => Throw("OnHardLimit"),
            OnLoop = _ => Throw("OnLoop"),
            OnLoopWarning = _ => Throw("OnLoopWarning"),
        };

    private void Throw(string name)
    {
        called.Add(name);
        throw new NotSupportedException(name);
    }

    private static Task<int> PollAsync(BudgetSession session) => session.RunToolAsync("poll", "0.01", _ => Task.FromResult(1), "{}", Token);

    private void AssertLogged(params string[] callbacks)
    {
        Assert.Equal(callbacks, called);
        Assert.Equal(callbacks, log.Lines.Select(line => line.Exception!.Message));
        Assert.All(log.Lines, line => Assert.Equal(LogLevel.Error, line.Level));
    }
}
