using static AgentBudget.Ledger.Tests.SessionScript;

namespace AgentBudget.Ledger.Tests;

public sealed class LimitEventTests
{
    [Fact]
    public void SoftLimit_ByDefault_FiresAtNineTenthsOnce()
    {
        var shell = Opened("1.00");
        Assert.Equal(EntrySignals.None, shell.Charge("0.899999999").Signals);
        Assert.Equal(EntrySignals.SoftLimit, shell.Charge("0.000000001").Signals);
        Assert.Equal(EntrySignals.None, shell.Charge("0.01").Signals);
        Assert.Equal(3, shell.Head.FirstSoftLimitSequence);
    }

    [Fact]
    public void SoftLimit_Several_EachFiresForItself()
    {
        var shell = Opened("1.00", options => options with { SoftLimits = [0.5m, 0.75m, 1m] });
        Assert.Equal(0b001, shell.Charge("0.50").SoftLimitsCrossed);
        Assert.Equal(0b110, shell.Charge("0.50").SoftLimitsCrossed);
    }

    [Fact]
    public void SoftLimit_NoneGiven_NeverFires()
    {
        var shell = Opened("1.00", options => options with { SoftLimits = [] });
        Assert.Equal(EntrySignals.HardLimit, shell.Charge("1.00").Signals);
    }

    [Fact]
    public void SoftLimit_ReservedMoney_DoesNotCount()
    {
        var shell = Opened("1.00");
        var reserved = shell.Reserve("0.95");
        Assert.Equal(EntrySignals.Final, shell.Reserve("0.05", final: true).Signals);
        Assert.Equal(EntrySignals.SoftLimit, shell.Settle(reserved.ReservationId, "0.95").Signals);
    }

    [Fact]
    public void SoftLimit_BudgetRaised_IsArmedAgain()
    {
        var shell = Opened("1.00");
        shell.Charge("0.90");
        shell.TopUp("1.00");
        Assert.Equal(EntrySignals.SoftLimit, shell.Charge("0.90").Signals);
    }

    [Fact]
    public void SoftLimit_BudgetLowered_CanBeMet()
    {
        var shell = Opened("1.00");
        shell.Charge("0.80");
        Assert.Equal(EntrySignals.SoftLimit, shell.SetBudget("0.85").Signals);
    }

    [Fact]
    public void HardLimit_SpentReachesIt_FiresWithoutOpening()
    {
        var shell = Opened("1.00", options => options with { SoftLimits = [] });
        Assert.Equal(EntrySignals.HardLimit, shell.Charge("1.00").Signals);
        Assert.Equal(BreakerState.Closed, shell.Standing.Breaker.State);
        Assert.Equal(EntrySignals.BreakerOpened, shell.Reserve("0.01").Signals);
    }

    [Fact]
    public void HardLimit_FirstRefusalAsExhausted_Fires()
    {
        var shell = Opened("1.00");
        shell.Charge("0.60");
        Assert.True(shell.Reserve("0.50").Signals.HasFlag(EntrySignals.HardLimit));
        Assert.Equal(EntrySignals.SoftLimit, shell.Charge("0.40").Signals);
    }

    [Fact]
    public void HardLimit_FirstOverage_Fires()
    {
        var shell = Opened("1.00");
        shell.Reserve("0.90");
        Assert.Equal(EntrySignals.HardLimit | EntrySignals.BreakerOpened, shell.Charge("0.20").Signals);
    }

    [Fact]
    public void HardLimit_OperatorMakesRoom_IsArmedAgain()
    {
        var shell = Opened("1.00", options => options with { SoftLimits = [] });
        shell.Charge("1.00");
        Assert.Equal(EntrySignals.None, shell.TopUp("1.00").Signals);
        Assert.Equal(EntrySignals.HardLimit, shell.Charge("1.00").Signals);
        Assert.Equal(EntrySignals.BreakerOpened, shell.Charge("0.10").Signals);
    }

    [Fact]
    public void HardLimit_TopUpThatLeavesNoRoom_ArmsNothing()
    {
        var shell = Opened("1.00", options => options with { SoftLimits = [] });
        shell.Charge("1.50");
        shell.TopUp("0.20");
        Assert.Equal(EntrySignals.None, shell.Charge("0.10").Signals);
    }

    // Regression: with a hard limit below the budget, spend beyond it opened the breaker at every entry. An operator who had resumed the
    // session shut it again by adding money, or by taking a cost back.
    [Fact]
    public void Breaker_ResumedBeyondTheHardLimit_StaysClosedWhenMoneyIsAdded()
    {
        var shell = Opened("1.00", options => options with { HardLimit = 0.5m });
        var charge = shell.Charge("0.60");
        Assert.Equal(BreakerState.Open, charge.Standing.Breaker.State);
        Assert.Equal(EntrySignals.BreakerClosed, shell.TopUp("0.10").Signals);

        Assert.Equal(EntrySignals.None, shell.TopUp("0.01").Signals);
        Assert.Equal(EntrySignals.None, shell.Correct(charge.EntrySequence, "-0.01").Signals);
        Assert.Equal(EntrySignals.None, shell.Charge("0").Signals);
        Assert.Equal(BreakerState.Closed, shell.Standing.Breaker.State);
        Assert.Equal(EntrySignals.BreakerOpened, shell.Charge("0.01").Signals);
    }
}
