using static AgentBudget.Ledger.Tests.SessionScript;

namespace AgentBudget.Ledger.Tests;

public sealed class ChargeTests
{
    [Fact]
    public void Charge_ThreeTimesTenCentsOfThirty_AllFit()
    {
        var shell = Opened("0.30");
        for (var i = 0; i < 3; i++)
            Assert.Equal(OpenReason.None, shell.Charge("0.10").Standing.Breaker.OpenReason);
        Assert.Equal((Usd("0.30"), Money.Zero), (shell.Standing.Settled, shell.Standing.Overage));
    }

    // The ancestor says 0.90 here, when 1.40 was spent.
    [Fact]
    public void Charge_AcrossTheLimit_IsRecordedWholeAndOpensTheBreaker()
    {
        var shell = Opened("1.00");
        shell.Charge("0.90");
        var answer = shell.Charge("0.50");

        Assert.True(answer.IsGranted);
        Assert.Equal((Usd("1.40"), Usd("1.00"), Usd("0.40")), (answer.Standing.Spent, answer.Standing.Settled, answer.Standing.Overage));
        Assert.Equal(EntrySignals.HardLimit | EntrySignals.BreakerOpened, answer.Signals);
        Assert.Equal(Usd("1.40"), shell.Report().TotalSpent);
    }

    [Fact]
    public void Charge_BreakerOpenOrPaused_IsRecordedAllTheSame()
    {
        var shell = Opened("1.00");
        shell.Charge("1.50");
        shell.Pause();
        Assert.True(shell.Charge("0.10").IsGranted);
        Assert.Equal(Usd("1.60"), shell.Standing.Spent);
    }

    [Fact]
    public void Charge_WhileMoneyIsReserved_GoesToOverageFirst()
    {
        var shell = Opened("1.00");
        var reserved = shell.Reserve("0.80");
        Assert.Equal(Usd("0.10"), shell.Charge("0.30").Standing.Overage);
        Assert.Equal(Money.Zero, shell.Release(reserved.ReservationId).Standing.Overage);
    }

    [Fact]
    public void Charge_AfterTheEnd_IsRecordedAndMarkedLate()
    {
        var shell = Opened("1.00");
        shell.Close();
        var answer = shell.Charge("0.10");
        Assert.Equal((EntrySignals.Late, Usd("0.10"), EndReason.Closed), (answer.Signals, answer.Standing.Spent, answer.Standing.End));
    }

    [Fact]
    public void Charge_SumBeyondTheRangeOfMoney_IsRefusedNotThrown()
    {
        var shell = Opened("1.00");
        for (var i = 0; i < 9; i++)
            Assert.True(shell.Charge("1000000000").IsGranted);
        Assert.Equal(RefusalReason.OutOfRange, shell.Charge("1000000000").Reason());
        Assert.Equal(Usd("1000000000").NanoDollars * 9, shell.Standing.Spent.NanoDollars);
    }

    [Fact]
    public void Charge_OnANameNeverOpened_IsRecordedOnTheSession()
    {
        var shell = Opened("1.00");
        Assert.True(shell.Charge("0.10", child: "nobody").IsGranted);
        Assert.Equal(Usd("0.10"), shell.Standing.Spent);
    }
}
