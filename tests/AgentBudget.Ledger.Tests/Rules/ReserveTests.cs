using static AgentBudget.Ledger.Tests.SessionScript;

namespace AgentBudget.Ledger.Tests;

public sealed class ReserveTests
{
    [Fact]
    public void Reserve_ThreeTimesTenCentsOfThirty_AllFit()
    {
        var shell = Opened("0.30");
        for (var i = 0; i < 3; i++)
            Assert.True(shell.Reserve("0.10").IsGranted);
        Assert.Equal((Money.Zero, Usd("0.30")), (shell.Standing.Available, shell.Standing.Reserved));
        Assert.Equal(RefusalReason.InsufficientNow, shell.Reserve("0.000000001").Reason());
    }

    [Fact]
    public void Reserve_Granted_SetsMoneyAside()
    {
        var shell = Opened("1.00");
        var answer = shell.Reserve("0.40", timeToLive: Minutes(5));
        Assert.Equal((Usd("0.40"), SessionShell.Start + Minutes(5), 2L), (answer.Amount, answer.ExpiresAt, answer.ReservationId));
        Assert.Equal((Usd("0.40"), Usd("0.60"), Money.Zero), (answer.Standing.Reserved, answer.Standing.Available, answer.Standing.Spent));
    }

    [Fact]
    public void Reserve_UpToTheLimit_IsAllowed()
    {
        var shell = Opened("1.00");
        Assert.True(shell.Reserve("1.00").IsGranted);
    }

    [Fact]
    public void Reserve_WouldFitIfReservationsCameBack_IsInsufficientNow()
    {
        var shell = Opened("1.00");
        var first = shell.Reserve("0.60");
        var refused = shell.Reserve("0.50");

        Assert.Equal(RefusalReason.InsufficientNow, refused.Reason());
        Assert.NotNull(refused.Refusal!.RetryAfter);
        Assert.Equal(Usd("0.40"), refused.Refusal.Available);
        Assert.Equal(BreakerState.Closed, shell.Standing.Breaker.State);
        shell.Release(first.ReservationId);
        Assert.True(shell.Reserve("0.50").IsGranted);
    }

    [Fact]
    public void Reserve_WouldNotFitEvenThen_IsExhaustedAndOpensTheBreaker()
    {
        var shell = Opened("1.00");
        shell.Charge("0.60");
        var refused = shell.Reserve("0.50");

        Assert.Equal(RefusalReason.BudgetExhausted, refused.Reason());
        Assert.Null(refused.Refusal!.RetryAfter);
        Assert.Equal(EntrySignals.BreakerOpened | EntrySignals.HardLimit, refused.Signals);
        Assert.Equal((EntryKind.BreakerOpened, Usd("0.50")), (shell.Last.Kind, shell.Last.Requested));
    }

    [Fact]
    public void Reserve_ExactlyWhatIsLeftOnceAllIsBack_IsInsufficientNow()
    {
        var shell = Opened("1.00");
        shell.Charge("0.60");
        shell.Reserve("0.10");
        Assert.Equal(RefusalReason.InsufficientNow, shell.Reserve("0.40").Reason());
        Assert.Equal(RefusalReason.BudgetExhausted, shell.Reserve("0.400000001").Reason());
    }

    [Fact]
    public void Reserve_MoreThanTheWholeBudget_IsTooLargeAndLatchesNothing()
    {
        var shell = Opened("1.00");
        var refused = shell.Reserve("1.000000001");
        Assert.Equal(RefusalReason.TooLarge, refused.Reason());
        Assert.Null(refused.Refusal!.RetryAfter);
        Assert.Single(shell.Timeline);
        Assert.True(shell.Reserve("1.00").IsGranted);
    }

    [Fact]
    public void Reserve_ExactlyTheWholeBudget_IsNeverTooLarge()
    {
        var shell = Opened("1.00");
        shell.Reserve("0.10");
        Assert.Equal(RefusalReason.InsufficientNow, shell.Reserve("1.00").Reason());
        shell.Charge("0.000000001");
        Assert.Equal(RefusalReason.BudgetExhausted, shell.Reserve("1.00").Reason());
    }

    [Fact]
    public void Reserve_NothingInAFullSession_IsAllowed()
    {
        var shell = Opened("1.00");
        shell.Charge("1.00");
        Assert.True(shell.Reserve("0").IsGranted);
    }

    [Fact]
    public void Reserve_LessIsWelcome_GrantsWhatThereIs()
    {
        var shell = Opened("1.00");
        shell.Reserve("0.70");
        Assert.Equal(RefusalReason.InsufficientNow, shell.Reserve("0.50", least: "0.31").Reason());

        var answer = shell.Reserve("0.50", least: "0.30");

        Assert.Equal(Usd("0.30"), answer.Amount);
        Assert.Equal((Usd("0.30"), Usd("0.50")), (shell.Last.Amount, shell.Last.Requested));
        Assert.Equal(Money.Zero, answer.Standing.Available);
    }

    [Fact]
    public void Reserve_LessIsWelcomeOfMoreThanTheBudget_IsJudgedByTheLeast()
    {
        var shell = Opened("1.00");
        Assert.Equal(Usd("1.00"), shell.Reserve("5.00", least: "0.10").Amount);
        Assert.Equal(RefusalReason.InsufficientNow, shell.Reserve("5.00", least: "0.10").Reason());
    }

    [Fact]
    public void Reserve_ASessionNeverOpened_IsRefusedAndCreatesNothing()
    {
        var shell = new SessionShell();
        Assert.Equal(RefusalReason.SessionUnknown, shell.Reserve("0.10").Reason());
        Assert.Equal(RefusalReason.SessionUnknown, shell.Charge("0.10").Reason());
        Assert.Empty(shell.Timeline);
    }

    [Fact]
    public void Reserve_StateGoesBeforeLoopsAndMoney()
    {
        var shell = Opened("1.00");
        shell.Pause();
        Assert.Equal(RefusalReason.Paused, shell.Reserve("5.00").Reason());
        shell.Close();
        Assert.Equal(RefusalReason.SessionEnded, shell.Reserve("5.00").Reason());
    }

    [Fact]
    public void Reserve_BeyondTheBoundOfOpenReservations_IsRefused()
    {
        var shell = Opened("1.00");
        for (var i = 0; i < Bounds.OpenReservations; i++)
            Assert.True(shell.Reserve("0.001").IsGranted);
        var refused = shell.Reserve("0.001");
        Assert.Equal(RefusalReason.TooManyReservations, refused.Reason());
        Assert.NotNull(refused.Refusal!.RetryAfter);
        shell.Release(2);
        Assert.True(shell.Reserve("0.001").IsGranted);
    }

    // Regression: "whatever there is" with nothing left answered insufficient_now for ever, though nothing was reserved that could have
    // come back, and never opened the breaker.
    [Fact]
    public void Reserve_LeastOfZeroWithNothingLeft_IsExhausted()
    {
        var shell = Opened("0.50");
        shell.Charge("0.50");

        Assert.Equal(RefusalReason.BudgetExhausted, shell.Reserve("0.20", least: "0").Reason());
        Assert.Equal(OpenReason.BudgetExhausted, shell.Standing.Breaker.OpenReason);
    }
}
