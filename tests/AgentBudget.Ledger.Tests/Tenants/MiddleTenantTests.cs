using AgentBudget.Ledger.Between;
using AgentBudget.Ledger.Tenants;
using static AgentBudget.Ledger.Tests.SessionScript;

namespace AgentBudget.Ledger.Tests.Tenants;

/// <summary>A tenant between its sessions and the tenant above, which has the money: each says to the other what it has to say.</summary>
public sealed class MiddleTenantTests
{
    private DateTimeOffset now = new(2026, 3, 31, 12, 0, 0, TimeSpan.Zero);
    private readonly SessionLedger above = SessionLedger.New("~acme");
    private readonly SessionLedger middle = SessionLedger.New("~acme/research");
    private readonly List<Entry> entries = [];

    // One big call had all others of the tenant refused, with ten dollars free.
    [Fact]
    public void Call_TooLargeForTheTenantAbove_HasNobodyRefusedWhoseCallFits()
    {
        Set(above, new TenantSettings { TotalLimit = Usd("10.00") });
        Open("big", "100.00");
        Open("small", "5.00");
        Ask("big", "20.00");
        Ask("small", "0.05");
        Talk();
        Assert.Equal(RefusalReason.TenantExhausted, Told("big").Refused);
        var told = Told("small");
        Assert.Null(told.Refused);
        Assert.True(told.Granted >= Usd("0.05"), $"{told.Granted}");
    }

    [Fact]
    public void Call_ThatDoesNotFitNow_HasNobodyRefusedWhoseCallFits()
    {
        Set(above, new TenantSettings { TotalLimit = Usd("10.00") });
        // Held by somebody else, who does not answer a recall.
        TakeAbove("9.00");
        Open("big", "100.00");
        Open("small", "5.00");
        Ask("big", "8.00");
        Ask("small", "0.05");
        Talk();
        now = now.AddSeconds(3);
        Talk();
        Assert.True(Told("small").Granted >= Usd("0.05"));
    }

    [Fact]
    public void WholeBudget_OfASessionBelowATenantBelow_ComesFromAbove()
    {
        Set(above, new TenantSettings { TotalLimit = Usd("50.00") });
        Set(middle, new TenantSettings { Policy = TenantPolicy.FullReservation });
        Assert.Equal(RefusalReason.InsufficientNow, Assert.IsType<ParentWord>(Admit("1", "20.00")).Refused);
        Talk();
        Assert.Equal(Usd("20.00"), Assert.IsType<Invitation>(Admit("1", "20.00")).Granted);
        Admit("2", "60.00");
        Talk();
        Assert.Equal(RefusalReason.TenantExhausted, Assert.IsType<ParentWord>(Admit("2", "60.00")).Refused);
        // Less than what was refused is asked for all the same.
        Assert.Equal(RefusalReason.InsufficientNow, Assert.IsType<ParentWord>(Admit("3", "10.00")).Refused);
        Talk();
        Assert.IsType<Invitation>(Admit("3", "10.00"));
    }

    // Its own sessions had nothing idle, and the tenant above still waited for others: all were refused.
    [Fact]
    public void Recall_ThatBroughtNothingHere_HasNobodyRefusedWhileTheTenantAboveSeeks()
    {
        Set(above, new TenantSettings { TotalLimit = Usd("10.00") });
        TakeAbove("9.00");
        Open("busy", "5.00");
        Ask("busy", "0.50");
        Talk();
        Open("asking", "100.00");
        Ask("asking", "5.00");
        Talk();
        Answer("busy", "0.00", Told("busy").Recall);
        Assert.Null(Told("asking").Refused);

        now = now.AddSeconds(3);
        above.ExpireDue(now);
        Talk();
        // What lies idle here would do as well: it is called back once more.
        now = now.AddSeconds(3);
        entries.AddRange(middle.ExpireDue(now));
        Assert.Equal(RefusalReason.InsufficientNow, Told("asking").Refused);
    }

    [Fact]
    public void TenantAbove_ThatCannotBeReached_IsNotWaitedForAfterFiveSeconds()
    {
        Set(above, new TenantSettings { TotalLimit = Usd("10.00") });
        Set(middle, new TenantSettings { TotalLimit = Usd("5.20") });
        Open("busy", "0.000000008");
        Ask("busy", "0.50");
        Talk();
        Open("asking", "0.000000008");
        Talk();
        foreach (var seconds in new[] { 0, 6 })
        {
            now = now.AddSeconds(seconds);
            Ask("asking", "5.00");
            var recall = Told("busy").Recall;
            Answer("busy", "0.00", recall);
            var told = Answer("asking", "5.00", recall);
            Assert.Equal(seconds == 0 ? null : RefusalReason.InsufficientNow, told.Refused);
        }
    }

    // It has nothing idle.
    private ParentWord Answer(string name, string asks, long recall)
    {
        Assert.True(recall > 0);
        return Assert.IsType<ParentWord>(Heard(Word(RowOf(name), "~acme/research", asks) with { Recalled = recall }));
    }

    private void Set(SessionLedger ledger, TenantSettings settings)
    {
        var decision = ledger.Execute(new SetTenantCommand { Settings = settings }, LookUps.None, now);
        if (ledger == middle)
            entries.AddRange(decision.Entries);
    }

    private LedgerMessage Admit(string name, string budget)
    {
        Talk();
        var open = new OpenCommand { Options = new BudgetSessionOptions { Budget = Usd(budget) } };
        if (middle.RequestForDefaults(now) is { } request)
            Heard(Hear(above, request).Reply!);
        return Heard(SessionLedger.New($"acme/research@{name}").RequestFor(open, mustBeSet: false, now)!)!;
    }

    private void Open(string name, string budget) => Assert.IsType<Invitation>(Admit(name, budget));

    private void TakeAbove(string amount)
    {
        var open = new OpenCommand { Options = new BudgetSessionOptions { Budget = Usd("100.00") } };
        above.Receive(SessionLedger.New("acme@other").RequestFor(open, mustBeSet: false, now)!, Evidence.None, now);
        above.Receive(Word(above.OpenHolders["acme@other"], "~acme", amount), Evidence.None, now);
        Assert.Equal(Usd(amount), above.OpenHolders["acme@other"].Granted);
    }

    private void Ask(string name, string amount) => Heard(Word(RowOf(name), "~acme/research", amount));

    private HolderRow RowOf(string name) => middle.OpenHolders[$"acme/research@{name}"];

    private ParentWord Told(string name) =>
        Assert.IsType<ParentWord>(middle.WordForHolder(RowOf(name), now, wantsAnswer: true, wantsProof: false));

    private LedgerMessage? Heard(LedgerMessage message)
    {
        var received = Hear(middle, message);
        entries.AddRange(received.Entries);
        return received.Reply;
    }

    private Received Hear(SessionLedger ledger, LedgerMessage message)
    {
        var received = ledger.Receive(message, Evidence.None, now);
        return received.NeedsEvidence
            ? ledger.Receive(message, new Evidence { IsProven = true, AsOf = ledger.Head.Sequence }, now)
            : received;
    }

    // Until neither has anything to say.
    private void Talk()
    {
        for (var words = 0; middle.OwesParent && words < 20; words++)
        {
            var (after, through) = middle.ToReport;
            var word = middle.WordForParent([.. entries.Where(entry => entry.Sequence > after && entry.Sequence <= through)], now);
            if (Hear(above, word).Reply is { } reply)
                Heard(reply);
        }

        if (above.OpenHolders.TryGetValue("~acme/research", out var row) && above.MustTell(row))
            Heard(above.WordForHolder(row, now, wantsAnswer: true, wantsProof: false));
    }

    private HolderWord Word(HolderRow row, string parent, string amount) =>
        new()
        {
            HolderId = row.HolderId,
            HolderLife = 7,
            ParentId = parent,
            ParentLife = TenantLedgers.Life,
            RowMark = row.Mark,
            Time = now,
            Granted = row.Granted,
            Policy = HolderPolicy.Sliced,
            Ask = 1,
            AtLeast = Usd(amount),
            All = Usd(amount),
            Amount = Usd(amount),
            Since = now,
        };
}
