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

    // A runaway customer's limit is lowered, and two hundred dollars lie idle in slices.
    [Fact]
    public void Limit_LoweredBelowWhatIsOut_CallsBackWhatLiesIdleUntilNothingComes()
    {
        var tenant = new TenantStory { Now = now };
        tenant.Set(new TenantSettings { DailyLimit = Usd("400.00") });
        for (var i = 0; i < 10; i++)
        {
            tenant.Open($"{i}", "80.00");
            tenant.Spend($"{i}", "0.00");
        }

        tenant.Set(new TenantSettings { DailyLimit = Usd("10.00") });
        var recalled = tenant.Recalled();
        Assert.Equal(10, recalled.Count);
        Assert.Equal(tenant.Report[WindowKind.Day].Outstanding, tenant.Report[WindowKind.Day].LimitInForce);
        foreach (var (name, round) in recalled)
            tenant.GiveBack(name, round);
        // What has come in may not be all.
        tenant.PassTo(now.AddSeconds(2));
        Assert.Empty(tenant.Recalled());
        Assert.Equal(Usd("10.00"), tenant.Report[WindowKind.Day].LimitInForce);
    }

    [Fact]
    public void Limit_LoweredBelowWhatIsInUse_EndsWithARecallThatBringsNothing()
    {
        var tenant = new TenantStory { Now = now };
        tenant.Set(new TenantSettings { DailyLimit = Usd("400.00") });
        tenant.Open("1", "80.00");
        tenant.Spend("1", "0.00");
        tenant.Set(new TenantSettings { DailyLimit = Usd("1.00") });
        tenant.Ask("1", "0.00", "0.00", recalled: tenant.Recalled()["1"]);
        tenant.PassTo(now.AddMinutes(1));
        Assert.Empty(tenant.Recalled());
    }
}
