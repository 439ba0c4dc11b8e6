using static AgentBudget.Ledger.Tests.SessionScript;

namespace AgentBudget.Ledger.Tests;

public sealed class ReleaseAndExtendTests
{
    [Fact]
    public void Release_OpenReservation_GivesItAllBack()
    {
        var shell = Opened("1.00");
        var answer = shell.Release(shell.Reserve("0.30").ReservationId);
        Assert.Equal((Usd("0.30"), Usd("1.00")), (answer.Amount, answer.Standing.Available));
    }

    [Fact]
    public void Release_Twice_IsRefused()
    {
        var shell = Opened("1.00");
        var reserved = shell.Reserve("0.30");
        shell.Release(reserved.ReservationId);
        Assert.Equal(RefusalReason.ReservationNotOpen, shell.Release(reserved.ReservationId).Reason());
    }

    [Fact]
    public void Extend_OpenReservation_LivesFromNow()
    {
        var shell = Opened("1.00");
        var reserved = shell.Reserve("0.30", timeToLive: Seconds(30));
        shell.WaitSeconds(20);
        Assert.Equal(shell.Now + Seconds(30), shell.Extend(reserved.ReservationId, Seconds(30)).ExpiresAt);
        shell.WaitSeconds(29);
        Assert.Empty(shell.Sweep());
        shell.WaitSeconds(1);
        Assert.Equal(EntryKind.Expired, Assert.Single(shell.Sweep()).Kind);
    }

    [Fact]
    public void Extend_ToAnEarlierTime_ShortensNothing()
    {
        var shell = Opened("1.00");
        var reserved = shell.Reserve("0.30", timeToLive: Minutes(10));
        Assert.Equal(reserved.ExpiresAt, shell.Extend(reserved.ReservationId, Seconds(1)).ExpiresAt);
    }

    // A stream that runs was authorised before the breaker opened; to cut it is the client's decision.
    [Fact]
    public void Extend_BreakerOpen_IsAllowed()
    {
        var shell = Opened("1.00");
        var reserved = shell.Reserve("0.30");
        shell.Pause();
        Assert.True(shell.Extend(reserved.ReservationId, Minutes(30)).IsGranted);
        Assert.True(shell.Settle(reserved.ReservationId, "0.30").IsGranted);
    }
}
