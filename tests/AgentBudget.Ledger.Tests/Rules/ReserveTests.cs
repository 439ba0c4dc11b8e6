using static AgentBudget.Ledger.Tests.SessionScript;

namespace AgentBudget.Ledger.Tests;

public sealed class ReserveTests
{
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
