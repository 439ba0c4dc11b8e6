using static AgentBudget.Ledger.Tests.SessionScript;

namespace AgentBudget.Ledger.Tests;

public sealed class CorrectTests
{
    [Fact]
    public void Correct_ACost_IsANewSignedEntryWithAReason()
    {
        var shell = Opened("1.00");
        var charge = shell.Charge("0.50", call: Call.Model("gpt-5"));
        var answer = shell.Correct(charge.EntrySequence, "-0.20");

        Assert.Equal((Usd("-0.20"), Usd("0.30")), (answer.Amount, answer.Standing.Spent));
        Assert.Equal((EntryKind.Corrected, charge.EntrySequence, "invoice"), (shell.Last.Kind, shell.Last.Related, shell.Last.Reason));
        Assert.Equal(Usd("0.50"), shell.Timeline[1].Amount);
        Assert.Equal(new CategoryTotal(CallKind.Model, "gpt-5", Usd("0.30"), 1, default), Assert.Single(shell.Head.Breakdown.Categories));
    }

    [Fact]
    public void Correct_MoreThanIsLeftOfTheEntry_IsRefused()
    {
        var shell = Opened("1.00");
        shell.Charge("0.40");
        var charge = shell.Charge("0.50");
        Assert.Equal(RefusalReason.CorrectionTooLarge, shell.Correct(charge.EntrySequence, "-0.51").Reason());
        shell.Correct(charge.EntrySequence, "-0.30");
        Assert.Equal(RefusalReason.CorrectionTooLarge, shell.Correct(charge.EntrySequence, "-0.21").Reason());
        Assert.True(shell.Correct(charge.EntrySequence, "-0.20").IsGranted);
    }

    [Fact]
    public void Correct_ACostUpwards_CanCrossLimits()
    {
        var shell = Opened("1.00");
        var charge = shell.Charge("0.50");
        Assert.Equal(EntrySignals.SoftLimit, shell.Correct(charge.EntrySequence, "0.45").Signals);
        var answer = shell.Correct(charge.EntrySequence, "0.15");
        Assert.Equal(EntrySignals.HardLimit | EntrySignals.BreakerOpened, answer.Signals);
        Assert.Equal(Usd("0.10"), answer.Standing.Overage);
    }

    [Fact]
    public void Correct_ACostDownwards_AbsorbsOverageAndLeavesTheBreaker()
    {
        var shell = Opened("1.00");
        var charge = shell.Charge("1.40");
        var answer = shell.Correct(charge.EntrySequence, "-0.60");
        Assert.Equal((Money.Zero, Usd("0.20")), (answer.Standing.Overage, answer.Standing.Available));
        Assert.Equal(BreakerState.Open, answer.Standing.Breaker.State);
        Assert.Equal(BreakerState.Closed, shell.Resume().Standing.Breaker.State);
    }

    [Fact]
    public void Correct_ATopUp_ChangesTheBudget()
    {
        var shell = Opened("1.00");
        var topUp = shell.TopUp("1.00");
        Assert.Equal(Usd("1.50"), shell.Correct(topUp.EntrySequence, "-0.50").Standing.Budget);
        shell.Charge("1.20");
        Assert.Equal(RefusalReason.BudgetTooLow, shell.Correct(topUp.EntrySequence, "-0.40").Reason());
        Assert.Equal(Usd("1.20"), shell.Correct(1, "-0.30").Standing.Budget);
    }

    [Fact]
    public void Correct_TheBudgetUpwards_Resumes()
    {
        var shell = Opened("1.00");
        shell.Charge("1.40");
        Assert.Equal(EntrySignals.BreakerClosed, shell.Correct(1, "0.50").Signals);
    }

    [Fact]
    public void Correct_AfterTheEnd_ChangesCostsButNotBudgets()
    {
        var shell = Opened("1.00");
        var charge = shell.Charge("0.50");
        shell.Close();
        Assert.Equal(Usd("0.40"), shell.Correct(charge.EntrySequence, "-0.10").Standing.Spent);
        Assert.Equal(RefusalReason.SessionEnded, shell.Correct(1, "0.10").Reason());
    }

    [Fact]
    public void Correct_ALateCharge_IsPossible()
    {
        var shell = Opened("1.00");
        var reserved = shell.Reserve("0.10");
        shell.Release(reserved.ReservationId);
        var late = shell.Settle(reserved.ReservationId, "0.10");
        Assert.Equal(Usd("0.04"), shell.Correct(late.EntrySequence, "-0.06").Standing.Spent);
    }

    [Fact]
    public void Correct_ASharedChildsCost_CorrectsItsAccount()
    {
        var shell = Opened("1.00");
        shell.OpenShared("kid");
        var charge = shell.Charge("0.50", child: "kid");
        shell.Correct(charge.EntrySequence, "-0.20");
        Assert.Equal((Usd("0.30"), Usd("0.30")), (shell.Report("kid").TotalSpent, shell.Report("kid").Breakdown.Total));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    public void Correct_EntryThatDoesNotExist_IsNotCorrectable(long entry) =>
        Assert.Equal(RefusalReason.NotCorrectable, Opened().Correct(entry, "0.10").Reason());

    [Fact]
    public void Correct_ACorrection_IsNotPossible()
    {
        var shell = Opened("1.00");
        var correction = shell.Correct(shell.Charge("0.50").EntrySequence, "-0.20");
        Assert.Equal(RefusalReason.NotCorrectable, shell.Correct(correction.EntrySequence, "0.10").Reason());
    }

    // Regression: taking money back from an entry that never moved any was called too large, as if a smaller amount would do.
    [Fact]
    public void Correct_EntryThatMovedNoMoney_IsNotCorrectable()
    {
        var shell = Opened();
        var reserved = shell.Reserve("0.10");
        var pause = shell.Pause();

        Assert.Equal(RefusalReason.NotCorrectable, shell.Correct(pause.EntrySequence, "-0.01").Reason());
        Assert.Equal(RefusalReason.NotCorrectable, shell.Correct(reserved.EntrySequence, "-0.20").Reason());
    }

    // Regression: what had been corrected upwards was summed in 64 bits, and the tenth of the largest corrections threw.
    [Fact]
    public void Correct_UpwardsTimeAndAgain_NeverThrows()
    {
        var shell = Opened("1");
        for (var i = 0; i < 12; i++)
        {
            Assert.True(shell.Correct(1, "999999999").IsGranted);
            Assert.True(shell.SetBudget("1").IsGranted);
        }
    }
}
