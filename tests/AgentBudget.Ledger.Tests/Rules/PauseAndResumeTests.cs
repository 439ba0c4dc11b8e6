using static AgentBudget.Ledger.Tests.SessionScript;

namespace AgentBudget.Ledger.Tests;

public sealed class PauseAndResumeTests
{
    [Fact]
    public void Pause_ByOperatorAndByParent_AreSeparate()
    {
        var shell = Opened();
        shell.Pause();
        shell.Pause(PauseSources.Parent);
        Assert.Equal(BreakerState.Paused, shell.Resume().Standing.Breaker.State);
        Assert.Equal(RefusalReason.Paused, shell.Reserve("0.10").Reason());
        Assert.Equal(RefusalReason.NothingToResume, shell.Resume().Reason());
        Assert.Equal(BreakerState.Closed, shell.Resume(PauseSources.Parent).Standing.Breaker.State);
        Assert.True(shell.Reserve("0.10").IsGranted);
    }

    [Fact]
    public void Pause_WhenPaused_AnswersAsItIs()
    {
        var shell = Opened();
        shell.Pause();
        Assert.True(shell.Pause().IsUnchanged);
        Assert.Equal(2, shell.Timeline.Count);
    }

    [Fact]
    public void Pause_SentAgainUnderItsKey_IsAReplayAndNotUnchanged()
    {
        var shell = Opened();
        var pause = new PauseCommand { Key = "k" };
        var first = shell.Run(pause);
        shell.Charge("0.10");
        Assert.Equal(first with { IsReplay = true }, shell.Run(pause));
        var other = shell.Run(pause with { Key = "other" });
        Assert.Equal((false, true, shell.Standing), (other.IsReplay, other.IsUnchanged, other.Standing));
        Assert.DoesNotContain(shell.Timeline, entry => entry.Key == "other");
    }

    [Fact]
    public void Resume_PausedOverALoop_LetsGoOfThePauseFirst()
    {
        var shell = Opened("1.00", options => options with { Loops = new LoopPolicy { Rule = new LoopRule { Calls = 2 } } });
        var call = Call.Tool("search", "{}");
        shell.Charge("0", call: call);
        shell.Charge("0", call: call);
        shell.Pause();
        Assert.Equal(BreakerState.Open, shell.Resume().Standing.Breaker.State);
        Assert.Equal(RefusalReason.NothingToResume, shell.Resume(PauseSources.Parent).Reason());
        Assert.Equal(BreakerState.Closed, shell.Resume().Standing.Breaker.State);
    }

    [Fact]
    public void Resume_ExhaustedWithoutMoney_IsRefused()
    {
        var shell = Opened("1.00");
        shell.Charge("1.10");
        Assert.Equal(RefusalReason.NothingToResume, shell.Resume().Reason());
    }

    [Fact]
    public void Resume_ExhaustedWithMoneyLeft_ClosesTheBreaker()
    {
        var shell = Opened("1.00");
        shell.Charge("0.60");
        shell.Reserve("0.50");
        Assert.Equal(EntrySignals.BreakerClosed, shell.Resume().Signals);
        Assert.True(shell.Reserve("0.40").IsGranted);
    }

    [Fact]
    public void Resume_NothingHeld_IsRefused() => Assert.Equal(RefusalReason.NothingToResume, Opened().Resume().Reason());

    [Fact]
    public void PauseAndResume_AfterTheEnd_AreRefused()
    {
        var shell = Opened();
        shell.Close();
        Assert.Equal(RefusalReason.SessionEnded, shell.Pause().Reason());
        Assert.Equal(RefusalReason.SessionEnded, shell.Resume().Reason());
    }

    [Fact]
    public void Pause_WithMoneyReserved_LeavesItToBeSettled()
    {
        var shell = Opened();
        var reserved = shell.Reserve("0.10");
        shell.Pause();
        Assert.True(shell.Settle(reserved.ReservationId, "0.05").IsGranted);
    }

    // Regression: nobody could resume, and wrote an entry that said so; both at once could pause.
    [Theory]
    [InlineData(PauseSources.None)]
    [InlineData(PauseSources.Operator | PauseSources.Parent)]
    [InlineData((PauseSources)4)]
    public void PauseAndResume_NotOneSource_AreRefusedAtTheDoor(PauseSources source)
    {
        Assert.Throws<ArgumentException>(() => new PauseCommand { Source = source }.Validate());
        Assert.Throws<ArgumentException>(() => new ResumeCommand { Source = source }.Validate());
    }
}
