using AgentBudget.Client.Tests.Ledgers;
using static AgentBudget.Client.Tests.Ledgers.SessionReading;

namespace AgentBudget.Client.Tests.Exceptions;

/// <summary>A refusal for money says of what kind it is, with the numbers that matter and what to do.</summary>
public sealed class MoneyRefusedTests(SharedLedger ledger)
{
    private static readonly ReserveOptions AtOnce = new() { WaitForMoney = TimeSpan.Zero };

    // On $1.00, without a cap: 1.25 and 10 dollars a million, 10,000 tokens in, up to 128,000 out.
    private static readonly CallEstimate Uncapped = CallEstimate.Model("gpt-5", 10_000);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TooLarge_SaysWhichCapWouldFit()
    {
        await using var session = await ledger.OpenAsync("1.00");
        var refused = await Assert.ThrowsAsync<CallTooLargeException>(() => session.ReserveAsync(Uncapped, AtOnce, Stop));
        Assert.Equal(
            (Dollars("1.2925"), Dollars("1.00"), Dollars("1.00"), 98_750L),
            (refused.Cost, refused.Budget, refused.Available, refused.LargestOutputTokens)
        );
        foreach (var said in (string[])["gpt-5", "$1.2925", "$1.00", "cap the output at 98750 tokens", "LeastOutputTokens"])
            Assert.Contains(said, refused.Message, StringComparison.Ordinal);
        // With that cap it fits, and nothing was exhausted.
        await using var call = await session.ReserveAsync(CallEstimate.Model("gpt-5", 10_000, 98_750), AtOnce, Stop);
        Assert.Equal(Dollars("1.00"), call.Granted);
    }

    [Fact]
    public async Task InsufficientNow_IsNotExhausted()
    {
        await using var session = await ledger.OpenAsync("1.00");
        await using var other = await session.ReserveAsync(CallEstimate.Model("gpt-5", "0.90"), AtOnce, Stop);
        var refused = await Assert.ThrowsAsync<InsufficientNowException>(() =>
            session.ReserveAsync(CallEstimate.Model("gpt-5", "0.30"), AtOnce, Stop)
        );
        Assert.Equal((Dollars("0.30"), Dollars("0.10"), null), (refused.Cost, refused.Available, refused.LargestOutputTokens));
        Assert.Contains("WaitForMoney", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("exhausted", refused.Message, StringComparison.Ordinal);
        await other.ReleaseAsync();
        await using var call = await session.ReserveAsync(CallEstimate.Model("gpt-5", "0.30"), AtOnce, Stop);
    }

    [Fact]
    public async Task BudgetExhausted_SaysWhatIsLeftAndTheMend()
    {
        await using var session = await ledger.OpenAsync("1.00");
        await session.CallAsync("0.90", "0.90");
        var refused = await Assert.ThrowsAsync<BudgetExhaustedException>(() =>
            session.ReserveAsync(CallEstimate.Model("gpt-5", 10_000, 20_000), AtOnce, Stop)
        );
        Assert.Equal((Dollars("0.2125"), Dollars("1.00"), Dollars("0.10")), (refused.Cost, refused.Budget, refused.Available));
        Assert.Equal(8_750, refused.LargestOutputTokens);
        Assert.Contains("TopUpAsync", refused.Message, StringComparison.Ordinal);
        // The latch does not let a smaller one through, and the message does not say that it would.
        Assert.DoesNotContain("cap the output", refused.Message, StringComparison.Ordinal);
    }

    // A loop of tracked calls went to $10 on $1: only the first one threw.
    [Fact]
    public async Task Charge_OnAnExhaustedSession_IsRecordedAndThrowsEveryTime()
    {
        await using var session = await ledger.OpenAsync("1.00");
        for (var i = 1; i <= 5; i++)
        {
            var thrown = await Assert.ThrowsAsync<BudgetExhaustedException>(() =>
                session.ChargeAsync("gpt-5", Dollars("1.10"), cancellationToken: Stop)
            );
            Assert.Contains("recorded", thrown.Message, StringComparison.Ordinal);
            Assert.Equal(Money.FromNanoDollars(Dollars("1.10").NanoDollars * i), thrown.Report!.TotalSpent);
        }

        await Assert.ThrowsAsync<BudgetExhaustedException>(() => session.TrackAsync("pages", "search", "0.01", cancellationToken: Stop));
        Assert.Equal(Dollars("5.51"), (await session.NowAsync()).Spent);
        await session.TopUpAsync("10.00", cancellationToken: Stop);
        await session.ChargeAsync("gpt-5", Dollars("1.10"), cancellationToken: Stop);
    }

    [Fact]
    public async Task Charge_OnASessionStoppedForALoop_ThrowsEveryTime()
    {
        await using var session = await ledger.OpenWithLoopsAsync("1.00");
        for (var i = 0; i < 2; i++)
            await session.TrackAsync(0, "search", "0.01", "{}", Stop);
        for (var i = 0; i < 3; i++)
            await Assert.ThrowsAsync<LoopDetectedException>(() => session.TrackAsync(0, "search", "0.01", "{}", Stop));
        Assert.Equal(Dollars("0.05"), (await session.NowAsync()).Spent);
    }

    [Fact]
    public async Task Charge_OnAnExhaustedSessionThatObserves_ThrowsNever()
    {
        var script = new GrainScript();
        var options = new BudgetSessionOptions { Budget = Dollars("0.10"), Mode = SessionMode.Observe };
        await using var session = await ledger.NewClient(script: script).OpenAsync(options, cancellationToken: Stop);
        for (var i = 0; i < 4; i++)
            await session.ChargeAsync("gpt-5", Dollars("0.10"), cancellationToken: Stop);
        // It is asked once whether it observes.
        Assert.Equal(1, script.Attempts(nameof(IBudgetSession.ReportAsync)));
    }
}
