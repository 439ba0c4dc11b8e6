using static AgentBudget.Ledger.Tests.SessionScript;

namespace AgentBudget.Ledger.Tests;

public sealed class LatchTests
{
    [Fact]
    public void Latch_BreakerOpen_NoSmallerAmountSlipsThrough()
    {
        var shell = Exhausted();
        Assert.Equal(RefusalReason.BudgetExhausted, shell.Reserve("0.01").Reason());
        Assert.Equal(RefusalReason.BudgetExhausted, shell.Reserve("0").Reason());
        Assert.Equal(RefusalReason.BudgetExhausted, shell.Reserve("0.10", least: "0.01").Reason());
        Assert.Equal(RefusalReason.BudgetExhausted, shell.Carve("kid", "0.01").Reason());
        Assert.Equal(1, shell.Timeline.Count(entry => entry.Kind == EntryKind.BreakerOpened));
    }

    [Fact]
    public void Latch_MoneyComesBack_StaysUntilSomebodyOpensIt()
    {
        var shell = Opened("1.00");
        shell.Charge("0.50");
        var reserved = shell.Reserve("0.30");
        shell.Reserve("0.60");
        shell.Release(reserved.ReservationId);
        Assert.Equal(RefusalReason.BudgetExhausted, shell.Reserve("0.10").Reason());
        shell.Resume();
        Assert.True(shell.Reserve("0.10").IsGranted);
    }

    [Fact]
    public void Latch_FinalCall_PassesExhaustion() => Assert.True(Exhausted().Reserve("0.40", final: true).IsGranted);

    [Fact]
    public void Latch_FinalCall_StillHasToFit()
    {
        var shell = Exhausted();
        Assert.Equal(RefusalReason.BudgetExhausted, shell.Reserve("0.41", final: true).Reason());
        Assert.Equal(RefusalReason.TooLarge, shell.Reserve("1.01", final: true).Reason());
    }

    [Fact]
    public void Latch_FinalCall_PassesNoPause()
    {
        var shell = Exhausted();
        shell.Pause();
        Assert.Equal(RefusalReason.Paused, shell.Reserve("0.01", final: true).Reason());
        shell.Resume();
        shell.Pause(PauseSources.Parent);
        Assert.Equal(RefusalReason.Paused, shell.Reserve("0.01", final: true).Reason());
    }

    [Fact]
    public void Latch_SwitchedOff_LeavesTheBreakerClosedAndTellsOfTheHardLimitOnce()
    {
        var shell = Opened("1.00", options => options with { LatchWhenExhausted = false });
        shell.Charge("0.60");
        Assert.Equal(EntrySignals.HardLimit, shell.Reserve("0.50").Signals);
        Assert.Equal(EntryKind.HardLimitReached, shell.Last.Kind);
        Assert.Equal(EntrySignals.None, shell.Reserve("0.50").Signals);
        Assert.Equal(EntryKind.HardLimitReached, shell.Last.Kind);
        Assert.True(shell.Reserve("0.40").IsGranted);
    }

    [Fact]
    public void Latch_SwitchedOff_OverageOpensTheBreakerAllTheSame()
    {
        var shell = Opened("1.00", options => options with { LatchWhenExhausted = false });
        Assert.Equal(OpenReason.BudgetExhausted, shell.Charge("1.10").Standing.Breaker.OpenReason);
    }

    [Fact]
    public void FinalizationReserve_OrdinaryCalls_MayNotTouchIt()
    {
        var shell = Opened("1.00", options => options with { FinalizationReserve = 0.1m });
        Assert.True(shell.Reserve("0.90").IsGranted);
        Assert.Equal(RefusalReason.InsufficientNow, shell.Reserve("0.05").Reason());
    }

    [Fact]
    public void FinalizationReserve_AFinalCall_ReallySpendsIt()
    {
        var shell = Opened("1.00", options => options with { FinalizationReserve = 0.1m });
        shell.Settle(shell.Reserve("0.90").ReservationId, "0.90");
        Assert.Equal(RefusalReason.BudgetExhausted, shell.Reserve("0.05").Reason());

        var last = shell.Reserve("0.10", final: true);

        Assert.Equal(EntrySignals.Final, last.Signals);
        Assert.True(shell.Settle(last.ReservationId, "0.10").IsGranted);
        Assert.Equal((Usd("1.00"), Money.Zero), (shell.Standing.Spent, shell.Standing.Overage));
    }

    [Fact]
    public void HardLimit_BelowTheBudget_IsWhereAuthorityEnds()
    {
        var shell = Opened("1.00", options => options with { HardLimit = 0.8m, FinalizationReserve = 0.1m });
        Assert.Equal(RefusalReason.TooLarge, shell.Reserve("0.71").Reason());
        Assert.True(shell.Reserve("0.70").IsGranted);
        Assert.Equal(RefusalReason.InsufficientNow, shell.Reserve("0.11", final: true).Reason());
        Assert.True(shell.Reserve("0.10", final: true).IsGranted);
    }

    [Fact]
    public void HardLimit_FractionOfANanoDollar_IsRoundedDown()
    {
        var shell = Opened("0.000000010", options => options with { HardLimit = 0.33m });
        Assert.Equal(RefusalReason.TooLarge, shell.Reserve("0.000000004").Reason());
        Assert.True(shell.Reserve("0.000000003").IsGranted);
    }

    private static SessionShell Exhausted()
    {
        var shell = Opened("1.00");
        shell.Charge("0.60");
        shell.Reserve("0.50");
        return shell;
    }
}
