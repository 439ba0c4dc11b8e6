using static AgentBudget.Ledger.Tests.SessionScript;

namespace AgentBudget.Ledger.Tests;

public sealed class BudgetTests
{
    [Fact]
    public void TopUp_WithOverage_AbsorbsItFirst()
    {
        var shell = Opened("1.00");
        shell.Charge("1.40");
        var answer = shell.TopUp("0.30");
        Assert.Equal((Usd("1.30"), Usd("0.10"), Money.Zero), (answer.Standing.Settled, answer.Standing.Overage, answer.Standing.Available));
        answer = shell.TopUp("0.30");
        Assert.Equal((Usd("1.40"), Money.Zero, Usd("0.20")), (answer.Standing.Settled, answer.Standing.Overage, answer.Standing.Available));
    }

    [Theory]
    [InlineData("0.39", false)]
    [InlineData("0.40", false)]
    [InlineData("0.400000001", true)]
    public void TopUp_StrictlyAboveWhatIsSpent_Resumes(string amount, bool resumes)
    {
        var shell = Opened("1.00");
        shell.Charge("1.40");
        var answer = shell.TopUp(amount);
        Assert.Equal(resumes, answer.Signals.HasFlag(EntrySignals.BreakerClosed));
        Assert.Equal(resumes ? BreakerState.Closed : BreakerState.Open, answer.Standing.Breaker.State);
    }

    [Theory]
    [InlineData("1.00", false)]
    [InlineData("0.90", false)]
    [InlineData("1.10", true)]
    public void SetBudget_OnlyRaising_Resumes(string budget, bool resumes)
    {
        var shell = Opened("1.00");
        shell.Charge("0.60");
        shell.Reserve("0.50");
        Assert.Equal(resumes, shell.SetBudget(budget).Signals.HasFlag(EntrySignals.BreakerClosed));
    }

    [Theory]
    [InlineData("0.80", true)]
    [InlineData("0.799999999", false)]
    public void SetBudget_BelowSettledAndReserved_IsRefused(string budget, bool isAllowed)
    {
        var shell = Opened("1.00");
        shell.Charge("0.50");
        shell.Reserve("0.30");
        Assert.Equal(isAllowed ? RefusalReason.None : RefusalReason.BudgetTooLow, shell.SetBudget(budget).Reason());
    }

    [Fact]
    public void TopUp_PausedAndExhausted_ResumesOnlyTheExhausted()
    {
        var shell = Opened("1.00");
        shell.Charge("1.40");
        shell.Pause();
        Assert.Equal(BreakerState.Paused, shell.TopUp("1.00").Standing.Breaker.State);
        Assert.Equal(BreakerState.Closed, shell.Resume().Standing.Breaker.State);
    }

    [Fact]
    public void Budget_BeyondTheLargestAmount_IsRefused()
    {
        var shell = Opened("1000000000");
        Assert.Equal(RefusalReason.OutOfRange, shell.TopUp("0.000000001").Reason());
        shell.SetBudget("1");
        Assert.Equal(RefusalReason.OutOfRange, shell.Correct(1, "1000000000").Reason());
    }

    [Fact]
    public void TopUpAndSetBudget_AfterTheEnd_AreRefused()
    {
        var shell = Opened("1.00");
        shell.Close();
        Assert.Equal(RefusalReason.SessionEnded, shell.TopUp("1").Reason());
        Assert.Equal(RefusalReason.SessionEnded, shell.SetBudget("2").Reason());
    }
}
