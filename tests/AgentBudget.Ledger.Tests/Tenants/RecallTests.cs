using AgentBudget.Ledger.Between;
using static AgentBudget.Ledger.Tests.SessionScript;

namespace AgentBudget.Ledger.Tests.Tenants;

/// <summary>A session that answers a recall of its tenant.</summary>
public sealed class RecallTests
{
    private const long Round = 9;

    private readonly DateTimeOffset now = new(2026, 3, 31, 12, 0, 0, TimeSpan.Zero);

    // The tenant would have ended the recall without the money.
    [Fact]
    public void Recall_Answered_IsToldWithWhatWasGivenBackAndNotBefore()
    {
        var tenant = SessionLedger.New("~acme");
        tenant.Execute(new SetTenantCommand { Settings = new TenantSettings { TotalLimit = Usd("5.00") } }, LookUps.None, now);
        var session = SessionLedger.New("acme@1");
        var open = new OpenCommand
        {
            Options = new BudgetSessionOptions { Budget = Usd("5.00"), Loops = LoopPolicy.Off },
        };
        var admission = tenant.Receive(session.RequestFor(open, mustBeSet: false, now)!, Evidence.None, now).Reply;
        session.Execute(open, LookUps.None with { Admission = admission }, now);
        var registered = Assert.IsType<ParentWord>(tenant.Receive(session.WordForParent([], now), Evidence.None, now).Reply);
        Assert.True(registered.Granted > Money.Zero);

        var recalled = session.Receive(registered with { Recall = Round, RecallSince = now, WantsAnswer = true }, Evidence.None, now);
        var givenBack = Assert.Single(recalled.Entries, entry => entry.Kind == EntryKind.MoneyReturned);
        Assert.Equal(registered.Granted, givenBack.Amount);
        Assert.Equal(0, session.WordForParent([], now).Recalled);
        Assert.True(session.OwesParent);

        var word = session.WordForParent(recalled.Entries, now);
        Assert.Equal((Round, givenBack.Amount), (word.Recalled, word.Report!.GivenBack));
    }

    // It asked again with the answer that ended the recall, which began the next one.
    [Fact]
    public void Recall_EndedByTheOneWhoAsks_IsAnsweredWithARefusalAndNotMadeAgain()
    {
        var tenant = new TenantStory();
        tenant.Set(new TenantSettings { TotalLimit = Usd("1.00") });
        tenant.Open("1", "5.00");
        var asked = tenant.Ask("1", "1.20", amount: "0.80");
        Assert.True(asked.IsPending);
        Assert.True(asked.Recall > 0);

        var refused = tenant.Ask("1", "1.20", amount: "0.80", recalled: asked.Recall);
        Assert.Equal((RefusalReason.InsufficientNow, false, 0L), (refused.Refused, refused.IsPending, refused.Recall));
    }
}
