using AgentBudget.Ledger.Tenants;
using static AgentBudget.Ledger.Tests.SessionScript;

namespace AgentBudget.Ledger.Tests.Tenants;

/// <summary>A tenant has nothing to say to those who have ended, whatever was to be said to them.</summary>
public sealed class ClosedHolderTests
{
    private readonly TenantStory story = new();

    [Fact]
    public void Word_ForOneThatHasEnded_IsToBeSaidToNobody()
    {
        story.Set(new TenantSettings { TotalLimit = Usd("1.00") });
        story.Open("a", "0.80");
        story.Open("b", "0.80");
        // It can never have so much, and is to be told when it may.
        story.Spend("a", "0.01", atLeast: "2.00");
        story.End("a");
        story.Set(new TenantSettings { TotalLimit = Usd("4.00") });
        Assert.Equal(["acme@b"], story.Ledger.OpenHolders.Keys);
        Assert.False(story.Ledger.HasHoldersToTell);
    }

    [Fact]
    public void Recall_FromOneThatHasEnded_IsWaitedForNoLonger()
    {
        var desk = new TenantDesk();
        var state = new SessionState(new SessionHead { SessionId = "~acme", Reserved = Usd("1.00") });
        state.Holders.Add(
            new HolderRow
            {
                Number = 1,
                HolderId = "acme@1",
                HolderLife = 1,
                OpenedAt = story.Now,
                Granted = Usd("1.00"),
                Policy = HolderPolicy.Sliced,
            }
        );
        desk.Recall(state, Usd("0.10"), story.Now);
        Assert.False(desk.EndRound(Usd("1.00"), story.Now));
        desk.Drop("acme@1");
        Assert.True(desk.EndRound(Usd("1.00"), story.Now));
        Assert.Empty(desk.ToTell);
    }
}
