using static AgentBudget.Ledger.Tests.SessionScript;

namespace AgentBudget.Ledger.Tests;

public sealed class ExpiryTests
{
    [Theory]
    [InlineData(29.9999999, false)]
    [InlineData(30, true)]
    public void Reservation_TimeToLivePassed_GoesBackByItself(double seconds, bool isExpired)
    {
        var shell = Opened("1.00");
        shell.Reserve("0.30", timeToLive: Seconds(30));
        shell.WaitSeconds(seconds);
        Assert.Equal(isExpired, shell.Sweep().Count == 1);
        Assert.Equal(isExpired ? Money.Zero : Usd("0.30"), shell.Standing.Reserved);
    }

    [Fact]
    public void Reservation_Due_IsExpiredByWhateverComesNext()
    {
        var shell = Opened("1.00");
        shell.Reserve("1.00", timeToLive: Seconds(30));
        shell.WaitSeconds(30);
        Assert.True(shell.Reserve("1.00").IsGranted);
        Assert.Equal(
            [EntryKind.Opened, EntryKind.Reserved, EntryKind.Expired, EntryKind.Reserved],
            shell.Timeline.Select(entry => entry.Kind)
        );
    }

    [Fact]
    public void Reservations_SeveralDue_ExpireInTheOrderOfTheirTimes()
    {
        var shell = Opened("1.00");
        shell.Reserve("0.10", timeToLive: Seconds(30));
        shell.Reserve("0.10", timeToLive: Seconds(10));
        shell.Reserve("0.10", timeToLive: Seconds(20));
        shell.WaitSeconds(60);
        Assert.Equal([3L, 4L, 2L], shell.Sweep().Select(entry => entry.Related));
    }

    [Fact]
    public void Reservation_ShorterThanAnOlderOne_DoesNotWaitForIt()
    {
        var shell = Opened("1.00");
        shell.Reserve("0.10", timeToLive: Seconds(30));
        shell.Reserve("0.10", timeToLive: Seconds(10));
        shell.WaitSeconds(10);
        Assert.Equal(3, Assert.Single(shell.Sweep()).Related);
    }

    // Ledger time never runs back, so a clock that does can neither revive nor prolong.
    [Fact]
    public void Clock_RunsBack_LedgerTimeStands()
    {
        var shell = Opened("1.00");
        shell.WaitSeconds(60);
        var reserved = shell.Reserve("0.10", timeToLive: Seconds(10));
        shell.WaitSeconds(-50);
        Assert.Equal(SessionShell.Start + Seconds(70), reserved.ExpiresAt);
        shell.Charge("0.10");
        Assert.Equal(SessionShell.Start + Seconds(60), shell.Last.At);
    }

    [Fact]
    public void Session_IdleWithACallUnderWay_ExpiresOnlyAfterItsReservation()
    {
        var shell = Opened("1.00", options => options with { IdleTimeout = Minutes(1) });
        shell.Reserve("0.30", timeToLive: Minutes(15));
        shell.Wait(Minutes(14));
        Assert.Empty(shell.Sweep());
        shell.Wait(Minutes(1));
        Assert.Equal([EntryKind.Expired, EntryKind.Ended], shell.Sweep().Select(entry => entry.Kind));
        Assert.Equal((EndReason.Expired, Money.Zero), (shell.Standing.End, shell.Standing.Reserved));
        Assert.Equal(RefusalReason.SessionEnded, shell.Reserve("0.10").Reason());
    }

    [Fact]
    public void Session_InUse_IsNotIdle()
    {
        var shell = Opened("1.00", options => options with { IdleTimeout = Minutes(1) });
        for (var i = 0; i < 5; i++)
        {
            shell.WaitSeconds(59);
            Assert.True(shell.Reserve("0.01").IsGranted);
        }
    }

    // What expires by itself, and a refusal that leaves no trace, are nobody's activity.
    [Fact]
    public void Session_OnlyRefusedAndExpired_GetsIdle()
    {
        var shell = Opened("1.00", options => options with { IdleTimeout = Minutes(1) });
        shell.Reserve("1.00", timeToLive: Seconds(30));
        shell.WaitSeconds(29);
        shell.Reserve("0.10");
        shell.WaitSeconds(31);
        shell.Sweep();
        Assert.Equal(EndReason.Expired, shell.Standing.End);
    }

    [Fact]
    public void Session_TimeToLivePassed_ExpiresInTheMiddleOfWork()
    {
        var shell = Opened("1.00", options => options with { TimeToLive = Minutes(2) });
        shell.Wait(Minutes(1));
        Assert.True(shell.Charge("0.10").IsGranted);
        shell.Wait(Minutes(1));
        Assert.Equal(RefusalReason.SessionEnded, shell.Reserve("0.10").Reason());
        Assert.Equal(EndReason.Expired, shell.Standing.End);
    }

    [Fact]
    public void Session_MoneyOutWithACarvedChild_IsNotIdle()
    {
        var shell = Opened("1.00", options => options with { IdleTimeout = Minutes(1) });
        shell.Carve("kid", "0.50");
        shell.Wait(TimeSpan.FromDays(1));
        Assert.Empty(shell.Sweep());
    }

    [Fact]
    public void NextDue_WhateverStands_IsItsEarliestTime()
    {
        Assert.Equal(DateTimeOffset.MaxValue, new SessionShell().Ledger.NextDue);
        var shell = Opened("1.00");
        Assert.Equal(SessionShell.Start + TimeSpan.FromHours(24), shell.Ledger.NextDue);
        shell.Reserve("0.10", timeToLive: Minutes(10));
        Assert.Equal(SessionShell.Start + Minutes(10), shell.Ledger.NextDue);
        shell.Close();
        Assert.Equal(DateTimeOffset.MaxValue, shell.Ledger.NextDue);
        Assert.Empty(shell.Sweep());
    }
}
