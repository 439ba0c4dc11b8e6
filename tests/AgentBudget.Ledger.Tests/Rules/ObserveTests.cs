using static AgentBudget.Ledger.Tests.SessionScript;

namespace AgentBudget.Ledger.Tests;

public sealed class ObserveTests
{
    [Fact]
    public void Observe_WouldNotFit_IsGrantedAndSaysWhatItWouldHaveBeen()
    {
        var shell = Observing();
        shell.Charge("0.60");
        var answer = shell.Reserve("0.50");
        Assert.True(answer.IsGranted);
        Assert.Equal((RefusalReason.BudgetExhausted, Usd("0.40")), (answer.WouldRefuse, answer.Amount));
        Assert.Equal(EntrySignals.HardLimit | EntrySignals.BreakerOpened, answer.Signals);
        Assert.Equal(RefusalReason.BudgetExhausted, shell.Last.WouldRefuse);
    }

    [Theory]
    [InlineData("2.00", RefusalReason.TooLarge)]
    [InlineData("0.50", RefusalReason.InsufficientNow)]
    public void Observe_OtherRefusalsForMoney_AreSaidToo(string amount, RefusalReason reason)
    {
        var shell = Observing();
        shell.Reserve("0.70");
        var answer = shell.Reserve(amount);
        Assert.Equal((reason, Usd("0.30")), (answer.WouldRefuse, answer.Amount));
        Assert.Equal(BreakerState.Closed, answer.Standing.Breaker.State);
    }

    [Fact]
    public void Observe_SpentFarBeyond_KeepsTheLawsAndRefusesNothing()
    {
        var shell = Observing();
        for (var i = 0; i < 20; i++)
            Assert.True(shell.Settle(shell.Reserve("0.50").ReservationId, "0.50").IsGranted);
        Assert.Equal((Usd("10.00"), Usd("9.00")), (shell.Standing.Spent, shell.Standing.Overage));
    }

    [Fact]
    public void Observe_Loop_IsSaidAndPasses()
    {
        var shell = Opened(
            "1.00",
            options =>
                options with
                {
                    Mode = SessionMode.Observe,
                    Loops = new LoopPolicy { Rule = new LoopRule { Calls = 2 } },
                }
        );
        shell.Charge("0.10", call: Call.Tool("t", "{}"));
        var answer = shell.Reserve("0.10", call: Call.Tool("t", "{}"));
        Assert.Equal((RefusalReason.LoopDetected, Usd("0.10")), (answer.WouldRefuse, answer.Amount));
        Assert.Equal((OpenReason.LoopDetected, 2), (shell.Last.OpenReason, shell.Last.Loop!.Count));
        Assert.Equal(RefusalReason.LoopDetected, shell.Reserve("0.10").WouldRefuse);
    }

    [Fact]
    public void Observe_Ended_RefusesAllTheSame()
    {
        var shell = Observing();
        shell.Close();
        Assert.Equal(RefusalReason.SessionEnded, shell.Reserve("0.10").Reason());
    }

    [Fact]
    public void Observe_Report_IsTerminatedByNothing()
    {
        var shell = Observing();
        shell.Charge("5.00");
        Assert.Null(shell.Report().TerminatedBy);
    }

    private static SessionShell Observing() => Opened("1.00", options => options with { Mode = SessionMode.Observe });
}
