using static AgentBudget.Ledger.Tests.SessionScript;

namespace AgentBudget.Ledger.Tests;

public sealed class HardLimitTests
{
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
