using static AgentBudget.Ledger.Tests.SessionScript;

namespace AgentBudget.Ledger.Tests;

/// <summary>What was stored is judged before it is believed.</summary>
public sealed class RestoreTests
{
    [Fact]
    public void Restore_ReservedButNotOpen_BreaksALaw()
    {
        var shell = Opened();
        shell.Reserve("0.10");
        Assert.Throws<LedgerLawViolationException>(() => SessionLedger.Restore(shell.Head, [], []));
    }

    [Fact]
    public void Restore_SpentButNotBrokenDown_BreaksALaw()
    {
        var shell = Opened();
        shell.Charge("0.10");
        Assert.Throws<LedgerLawViolationException>(() => SessionLedger.Restore(shell.Head with { Breakdown = Breakdown.Empty }, [], []));
    }

    [Fact]
    public void Restore_MoreReservedThanBudget_BreaksALaw()
    {
        var shell = Opened();
        shell.Reserve("0.10");
        var head = shell.Head with { Budget = Usd("0.05") };
        Assert.Throws<LedgerLawViolationException>(() => SessionLedger.Restore(head, shell.Ledger.OpenReservations.Values, []));
    }

    [Fact]
    public void Restore_NegativeAmounts_BreakALaw()
    {
        var head = Opened().Head;
        Assert.Throws<LedgerLawViolationException>(() => SessionLedger.Restore(head with { Spent = -Usd("0.01") }, [], []));
        Assert.Throws<LedgerLawViolationException>(() => SessionLedger.Restore(head with { Reserved = -Usd("0.01") }, [], []));
    }

    [Fact]
    public void Fold_EntryThatDoesNotFollow_BreaksALaw()
    {
        var shell = Opened();
        shell.Charge("0.10");
        var charge = shell.Last;
        Assert.Throws<LedgerLawViolationException>(() => SessionFold.Next(shell.Head, charge));
        Assert.Throws<LedgerLawViolationException>(() => SessionFold.Next(shell.Head, charge with { Sequence = 4 }));
        Assert.Throws<LedgerLawViolationException>(() =>
            SessionFold.Next(shell.Head, charge with { Sequence = 3, At = charge.At - Seconds(1) })
        );
        Assert.Throws<LedgerLawViolationException>(() => SessionFold.Next(shell.Head, charge with { Sequence = 3, Amount = -Usd("1") }));
        Assert.Throws<LedgerLawViolationException>(() => SessionFold.Next(shell.Head, charge with { Sequence = 3, Kind = (EntryKind)99 }));
        Assert.Throws<LedgerLawViolationException>(() =>
            SessionFold.Next(new SessionHead { SessionId = "s" }, charge with { Sequence = 1 })
        );
    }

    [Fact]
    public void New_BadSessionId_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => SessionLedger.New(""));
        Assert.Throws<ArgumentException>(() => SessionLedger.New("a b"));
        Assert.Throws<ArgumentException>(() => SessionLedger.New(new string('a', Bounds.IdLength + 1)));
        Assert.Equal("acme/run:1.a_b-c", SessionLedger.New("acme/run:1.a_b-c").Head.SessionId);
    }
}
