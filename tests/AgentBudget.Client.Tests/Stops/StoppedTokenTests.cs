using AgentBudget.Client.Tests.Ledgers;
using static AgentBudget.Client.Tests.Ledgers.SessionReading;

namespace AgentBudget.Client.Tests.Stops;

/// <summary>The token that tells streams and agents to stop, wherever the stop comes from.</summary>
public sealed class StoppedTokenTests(SharedLedger ledger)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task StoppedToken_BudgetExhausted_Fires()
    {
        await using var session = await ledger.OpenAsync("1.00");
        var stopped = session.StoppedToken;
        await session.CallAsync("0.90", "0.90");
        Assert.False(stopped.IsCancellationRequested);
        await Assert.ThrowsAsync<BudgetExhaustedException>(() => session.CallAsync("0.20", "0.20"));
        await stopped.FiredAsync();
    }

    [Fact]
    public async Task StoppedToken_Loop_Fires()
    {
        await using var session = await ledger.OpenWithLoopsAsync("1.00");
        var stopped = session.StoppedToken;
        for (var i = 0; i < 2; i++)
            await session.TrackAsync(0, "search", "0", "{}", Token);
        await Assert.ThrowsAsync<LoopDetectedException>(() => session.TrackAsync(0, "search", "0", "{}", Token));
        await stopped.FiredAsync();
    }

    [Fact]
    public async Task StoppedToken_ClosedHere_FiresAtOnce()
    {
        await using var session = await ledger.OpenAsync("1.00");
        var stopped = session.StoppedToken;
        await session.CloseAsync(Token);
        Assert.True(stopped.IsCancellationRequested);
    }

    [Theory]
    [InlineData("pause")]
    [InlineData("close")]
    [InlineData("exhaust")]
    public async Task StoppedToken_StoppedByAnotherClient_Fires(string how)
    {
        await using var session = await ledger.OpenAsync("1.00");
        var stopped = session.StoppedToken;
        await using var other = ledger.NewClient().Get(session.Id);
        if (how == "pause")
            await other.PauseAsync("enough", Token);
        else if (how == "close")
            await other.CloseAsync(Token);
        else
            await Assert.ThrowsAsync<BudgetExhaustedException>(() => other.ChargeAsync(Call.Model("gpt-5"), Dollars("1.10"), Token));
        await stopped.FiredAsync();
    }

    [Fact]
    public async Task StoppedToken_ReadAfterTheStop_Fires()
    {
        await using var session = await ledger.OpenAsync("1.00");
        await session.PauseAsync(cancellationToken: Token);
        await session.StoppedToken.FiredAsync();
    }

    [Fact]
    public async Task StoppedToken_OfSharedAndCarvedChildren_FiresWithTheParent()
    {
        await using var session = await ledger.OpenAsync("1.00");
        await using var shared = await session.OpenSharedChildAsync("shared", Token);
        await using var carved = await session.OpenChildAsync("carved", "0.50", Token);
        var (sharedStopped, carvedStopped) = (shared.StoppedToken, carved.StoppedToken);
        await session.PauseAsync(cancellationToken: Token);
        await sharedStopped.FiredAsync();
        await carvedStopped.FiredAsync();
        await session.ResumeAsync(cancellationToken: Token);
    }

    [Fact]
    public async Task StoppedToken_ObserveMode_FiresAtTheEndAndNotBefore()
    {
        var options = new BudgetSessionOptions { Budget = Dollars("0.10"), Mode = SessionMode.Observe };
        await using var session = await ledger.Client.OpenAsync(options, cancellationToken: Token);
        var stopped = session.StoppedToken;
        var answer = await session.ChargeAsync(Call.Model("gpt-5"), Dollars("0.30"), Token);
        Assert.Equal(BreakerState.Open, answer.Standing.Breaker.State);
        Assert.False(await session.Grain.WaitForStopAsync(TimeSpan.Zero));
        Assert.False(stopped.IsCancellationRequested);
        await session.CloseAsync(Token);
        await stopped.FiredAsync();
    }

    [Fact]
    public async Task StoppedToken_WatchFails_GoesOnWatching()
    {
        var script = new GrainScript()
            .Lose(nameof(IBudgetSession.WaitForStopAsync), Loss.Request, new TimeoutException())
            .Lose(
                nameof(IBudgetSession.WaitForStopAsync),
                Loss.Request,
                new OperationCanceledException("Message expired before placement could complete.")
            )
            .Lose(nameof(IBudgetSession.WaitForStopAsync), Loss.Request, new BudgetUnavailableException());
        var client = ledger.NewClient(clock: new SkippingClock(), script: script);
        await using var session = await client.OpenAsync("1.00", cancellationToken: Token);
        var stopped = session.StoppedToken;
        await ledger.Client.Get(session.Id).PauseAsync(cancellationToken: Token);
        await stopped.FiredAsync();
        Assert.True(script.Attempts(nameof(IBudgetSession.WaitForStopAsync)) >= 4);
    }

    [Fact]
    public async Task StoppedToken_CancelsACallInFlight()
    {
        await using var session = await ledger.OpenAsync("1.00");
        using var both = CancellationTokenSource.CreateLinkedTokenSource(session.StoppedToken, Token);
        var running = session.WrapAsync(
            CallEstimate.Model("gpt-5", "0.30"),
            async token =>
            {
                await ledger.NewClient().Get(session.Id).PauseAsync(cancellationToken: CancellationToken.None);
                await Task.Delay(Timeout.InfiniteTimeSpan, token);
                return 0;
            },
            _ => Money.Zero,
            cancellationToken: both.Token
        );
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.InTimeAsync());
        Assert.Equal(Dollars("0.30"), (await session.NowAsync()).Spent);
    }
}
