using static AgentBudget.Ledger.Tests.SessionScript;

namespace AgentBudget.Ledger.Tests;

/// <summary>More money for a call that is under way.</summary>
public sealed class GrowTests
{
    [Fact]
    public void Grow_WhatFits_IsSetAsideBesideTheFirst()
    {
        var shell = Opened("1.00");
        shell.Reserve("0.30");
        var answer = shell.Grow(2, "0.20");
        Assert.True(answer.IsGranted);
        Assert.Equal((Usd("0.20"), Usd("0.50"), Usd("0.50")), (answer.Amount, shell.Standing.Reserved, shell.Standing.Available));
        var entry = shell.Timeline[^1];
        Assert.Equal((EntryKind.Grown, 2L, Usd("0.20"), Usd("0.50")), (entry.Kind, entry.Related, entry.Amount, entry.Requested));
        Assert.Equal(Usd("0.50"), shell.Ledger.OpenReservations[2].Amount);
    }

    [Fact]
    public void Grow_ThenSettleReleaseOrExpire_MovesAllOfIt()
    {
        var shell = Opened("3.00");
        for (var i = 0; i < 3; i++)
        {
            var reserved = shell.Reserve("0.30");
            shell.Grow(reserved.ReservationId, "0.20");
        }

        var ids = shell.Ledger.OpenReservations.Keys.Order().ToArray();
        shell.Settle(ids[0], "0.45");
        Assert.Equal(Usd("0.50"), shell.Timeline[^1].Requested);
        Assert.Equal(Usd("0.50"), shell.Release(ids[1]).Amount);
        shell.WaitSeconds(1_200);
        shell.Sweep();
        Assert.Equal((Money.Zero, Usd("0.45")), (shell.Standing.Reserved, shell.Standing.Spent));
    }

    [Fact]
    public void Grow_ByALeast_IsGrantedWhatIsThere()
    {
        var shell = Opened("1.00");
        shell.Reserve("0.80");
        Assert.Equal(Usd("0.20"), shell.Grow(2, "0.50", least: "0.10").Amount);
        Assert.Equal(RefusalReason.InsufficientNow, shell.Grow(2, "0.50", least: "0.10").Reason());
    }

    // Two streams that grow side by side never hold more than the budget, and the one that is refused goes on with what it has.
    [Fact]
    public void Grow_BeyondWhatIsFree_IsRefusedAsAReservationIs()
    {
        var shell = Opened("1.00");
        shell.Reserve("0.40");
        shell.Reserve("0.40");
        Assert.Equal(RefusalReason.InsufficientNow, shell.Grow(2, "0.30").Reason());
        Assert.Equal(RefusalReason.TooLarge, shell.Grow(2, "1.10").Reason());
        shell.Settle(3, "0.40");
        Assert.Equal(RefusalReason.BudgetExhausted, shell.Grow(2, "0.70").Reason());
        Assert.Equal((BreakerState.Open, Usd("0.40")), (shell.Standing.Breaker.State, shell.Standing.Reserved));
        Assert.Equal(RefusalReason.BudgetExhausted, shell.Grow(2, "0.10").Reason());
    }

    [Fact]
    public void Grow_OfTheLastCall_MayUseTheFinalizationReserve()
    {
        var shell = Opened("1.00", options => options with { FinalizationReserve = 0.2m });
        shell.Reserve("0.80", final: true);
        Assert.Equal(RefusalReason.InsufficientNow, shell.Grow(2, "0.10").Reason());
        Assert.True(shell.Grow(2, "0.20", final: true).IsGranted);
    }

    [Fact]
    public void Grow_OfASessionThatIsPaused_IsRefused()
    {
        var shell = Opened("1.00");
        shell.Reserve("0.30");
        shell.Run(new PauseCommand());
        Assert.Equal(RefusalReason.Paused, shell.Grow(2, "0.10").Reason());
    }

    [Fact]
    public void Grow_OfWhatIsNotOpen_SaysSo()
    {
        var shell = Opened("1.00");
        shell.Reserve("0.30");
        shell.Settle(2, "0.10");
        Assert.Equal(RefusalReason.ReservationNotOpen, shell.Grow(2, "0.10").Reason());
        Assert.Equal(RefusalReason.ReservationUnknown, shell.Grow(9, "0.10").Reason());
    }

    [Fact]
    public void Grow_SentAgain_GrowsOnce()
    {
        var shell = Opened("1.00");
        shell.Reserve("0.30");
        var first = shell.Grow(2, "0.10", key: "k");
        Assert.Equal(first with { IsReplay = true }, shell.Grow(2, "0.10", key: "k"));
        Assert.Equal(RefusalReason.KeyConflict, shell.Grow(2, "0.20", key: "k").Reason());
        Assert.Equal(Usd("0.40"), shell.Standing.Reserved);
    }

    [Fact]
    public void Grow_InObserveMode_IsGrantedWhatIsThereAndSaysWhatItWouldHaveRefused()
    {
        var shell = Opened("1.00", options => options with { Mode = SessionMode.Observe });
        shell.Reserve("0.80");
        var answer = shell.Grow(2, "0.50");
        Assert.Equal((Usd("0.20"), RefusalReason.InsufficientNow), (answer.Amount, answer.WouldRefuse));
    }

    [Fact]
    public void Grow_OfASharedChildsCall_StandsOnTheChild()
    {
        var shell = Opened("1.00");
        shell.Run(new OpenSharedChildCommand { Child = "helper" });
        var reserved = shell.Reserve("0.30", child: "helper");
        shell.Grow(reserved.ReservationId, "0.10");
        Assert.Equal("helper", shell.Timeline[^1].Child);
        shell.Run(new CloseSharedChildCommand { Child = "helper" });
        Assert.Equal(Money.Zero, shell.Standing.Reserved);
    }
}
