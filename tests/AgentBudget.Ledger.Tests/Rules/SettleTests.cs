using static AgentBudget.Ledger.Tests.SessionScript;

namespace AgentBudget.Ledger.Tests;

public sealed class SettleTests
{
    // Regression: the command that found the reservation's time up expired it first and then did not know it any more. Nobody had
    // looked it up, because it was open when the ledger was asked: the cost was refused as reservation_unknown, and lost.
    [Fact]
    public void Settle_FirstToFindTheReservationExpired_IsRecordedLate()
    {
        var shell = Opened();
        var reserved = shell.Reserve("0.10", timeToLive: Seconds(30), child: null, call: Call.Model("gpt-5"));
        shell.WaitSeconds(31);

        var answer = shell.Settle(reserved.ReservationId, "0.08");

        Assert.True(answer.IsGranted);
        Assert.Equal([EntryKind.Opened, EntryKind.Reserved, EntryKind.Expired, EntryKind.Charged], shell.Timeline.Select(entry => entry.Kind));
        Assert.Equal((EntrySignals.Late, reserved.ReservationId, "gpt-5"), (shell.Last.Signals, shell.Last.Related, shell.Last.Call!.Name));
        Assert.Equal(RefusalReason.ReservationNotOpen, shell.Settle(reserved.ReservationId, "0.08").Reason());
    }

    // Regression: the same, where the idle session ended in that turn and released what was reserved.
    [Fact]
    public void Settle_FirstToFindTheSessionEnded_IsRecordedLate()
    {
        var shell = Opened(with: options => options with { IdleTimeout = Minutes(1) });
        var reserved = shell.Reserve("0.10");
        shell.Wait(Minutes(2));

        Assert.Equal(EntrySignals.Late, shell.Settle(reserved.ReservationId, "0.08").Signals);
        Assert.Equal(EndReason.Expired, shell.Standing.End);
        Assert.Equal(Usd("0.08"), shell.Standing.Spent);
    }

    [Fact]
    public void ReleaseAndExtend_FirstToFindTheReservationExpired_AnswerNotOpen()
    {
        var shell = Opened();
        var first = shell.Reserve("0.10", timeToLive: Seconds(10));
        var second = shell.Reserve("0.10", timeToLive: Seconds(20));
        shell.WaitSeconds(10);
        Assert.Equal(RefusalReason.ReservationNotOpen, shell.Release(first.ReservationId).Reason());
        shell.WaitSeconds(10);
        Assert.Equal(RefusalReason.ReservationNotOpen, shell.Extend(second.ReservationId, Minutes(1)).Reason());
        Assert.Equal(Money.Zero, shell.Standing.Reserved);
    }
}
