using AgentBudget.Client.Tests.Ledgers;
using static AgentBudget.Client.Tests.Ledgers.SessionReading;

namespace AgentBudget.Client.Tests.Wrapping;

public sealed class WaitForMoneyTests(SharedLedger ledger)
{
    [Fact]
    public async Task Wait_MoneyComesBack_CallIsMade()
    {
        await using var session = await OpenAsync(TimeProvider.System, TimeSpan.FromSeconds(30));
        var held = await SetAsideAsync(session, "0.90");
        var waiting = session.CallAsync("0.30", "0.20");
        await session.WhenWaitingAsync(1).InTimeAsync();
        Assert.False(waiting.IsCompleted);
        await session.Grain.ReleaseAsync(new ReleaseCommand { ReservationId = held });
        Assert.Equal("answer", await waiting.InTimeAsync());
    }

    [Fact]
    public async Task Wait_MoneyDoesNotComeBack_EndsWithTheRefusal()
    {
        await using var session = await OpenAsync(TimeProvider.System, TimeSpan.FromMilliseconds(300));
        await SetAsideAsync(session, "0.90");
        var began = TimeProvider.System.GetTimestamp();
        var refused = await Assert.ThrowsAsync<InsufficientNowException>(() => session.CallAsync("0.30", "0.20").InTimeAsync());
        Assert.Equal(RefusalReason.InsufficientNow, refused.Refusal.Reason);
        Assert.True(TimeProvider.System.GetElapsedTime(began) >= TimeSpan.FromMilliseconds(290));
    }

    [Fact]
    public async Task Wait_SessionIsPausedOrEnds_EndsAtOnce()
    {
        await using var session = await OpenAsync(TimeProvider.System, TimeSpan.FromHours(1));
        await SetAsideAsync(session, "0.90");
        var waiting = session.CallAsync("0.30", "0.20");
        await session.WhenWaitingAsync(1).InTimeAsync();
        await session.Grain.PauseAsync(new PauseCommand());
        await Assert.ThrowsAsync<SessionStoppedException>(() => waiting.InTimeAsync());
        await session.Grain.ResumeAsync(new ResumeCommand());
        waiting = session.CallAsync("0.30", "0.20");
        await session.WhenWaitingAsync(1).InTimeAsync();
        await session.Grain.CloseAsync(new CloseCommand { IsStop = true });
        await Assert.ThrowsAsync<SessionStoppedException>(() => waiting.InTimeAsync());
    }

    // A piece of a wait takes as long as an operation is sent again; a silo that ends with it has failed nobody for so long.
    [Fact]
    public async Task Wait_AnswerIsLostAtTheEndOfAPiece_IsSentAgain()
    {
        var clock = new SkippingClock();
        var script = new GrainScript();
        script.Answer(
            nameof(IBudgetSession.ReserveWaitingAsync),
            _ =>
            {
                script.Heal(nameof(IBudgetSession.ReserveWaitingAsync));
                clock.Advance(TimeSpan.FromSeconds(25));
                return Task.FromException<object?>(new TimeoutException());
            }
        );
        await using var session = await ledger
            .NewClient(options => options.WaitForMoney = TimeSpan.FromMinutes(5), clock, script)
            .OpenAsync("1.00", cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal("answer", await session.CallAsync("0.30", "0.20").InTimeAsync());
        Assert.Equal(2, script.Attempts(nameof(IBudgetSession.ReserveWaitingAsync)));
    }

    [Fact]
    public async Task Wait_NotAskedFor_IsRefusedAtOnce()
    {
        var clock = new SkippingClock();
        await using var session = await OpenAsync(clock, TimeSpan.Zero);
        await SetAsideAsync(session, "0.90");
        await Assert.ThrowsAsync<InsufficientNowException>(() => session.CallAsync("0.30", "0.20"));
        Assert.Empty(clock.Waits);
    }

    [Theory]
    [InlineData("2.00", RefusalReason.TooLarge)]
    [InlineData("0.60", RefusalReason.BudgetExhausted)]
    public async Task Wait_MoneyCanNeverCome_IsRefusedAtOnce(string most, RefusalReason reason)
    {
        var clock = new SkippingClock();
        await using var session = await OpenAsync(clock, TimeSpan.FromSeconds(30));
        await session.CallAsync("0.50", "0.50");
        var refused = await Assert.ThrowsAnyAsync<MoneyRefusedException>(() => session.CallAsync(most, "0.20"));
        Assert.Equal(reason, refused.Refusal.Reason);
        Assert.Empty(clock.Waits);
    }

    private Task<BudgetSession> OpenAsync(TimeProvider clock, TimeSpan wait) =>
        ledger
            .NewClient(options => options.WaitForMoney = wait, clock)
            .OpenAsync("1.00", cancellationToken: TestContext.Current.CancellationToken);

    private static async Task<long> SetAsideAsync(BudgetSession session, string dollars) =>
        (await session.Grain.ReserveAsync(new ReserveCommand { Amount = Dollars(dollars), Call = Call.Model("gpt-5") })).ReservationId;
}
