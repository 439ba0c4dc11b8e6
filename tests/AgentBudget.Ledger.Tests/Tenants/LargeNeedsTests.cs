using AgentBudget.Ledger.Between;
using static AgentBudget.Ledger.Tests.SessionScript;

namespace AgentBudget.Ledger.Tests.Tenants;

/// <summary>Amounts as large as one may name, of which many wait at once.</summary>
public sealed class LargeNeedsTests
{
    private readonly DateTimeOffset now = new(2026, 3, 31, 12, 0, 0, TimeSpan.Zero);

    // The sum was more than can be counted, and the session could say nothing to its tenant any more.
    [Fact]
    public void Session_InWhichManyOfTheLargestCallsWait_StillSpeaksToItsTenant()
    {
        var tenant = SessionLedger.New("~acme");
        tenant.Execute(new SetTenantCommand { Settings = new TenantSettings { TotalLimit = Usd("5.00") } }, LookUps.None, now);
        var session = SessionLedger.New("acme@1");
        var open = new OpenCommand
        {
            Options = new BudgetSessionOptions { Budget = Money.MaxAmount, Loops = LoopPolicy.Off },
        };
        var admission = tenant.Receive(session.RequestFor(open, mustBeSet: false, now)!, Evidence.None, now).Reply;
        session.Execute(open, LookUps.None with { Admission = admission }, now);

        for (var i = 0; i < 20; i++)
        {
            var call = new ReserveCommand { Amount = Money.MaxAmount, Call = Call.Tool("x") };
            Assert.True(session.Execute(call, LookUps.None, now).LacksParentsMoney);
        }

        var word = session.WordForParent([], now);
        Assert.True(word.All >= word.AtLeast && word.AtLeast >= Money.MaxAmount);
        Assert.NotNull(tenant.Receive(word, Evidence.None, now).Reply);
    }
}
