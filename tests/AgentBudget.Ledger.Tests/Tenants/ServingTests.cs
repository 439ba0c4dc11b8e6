using AgentBudget.Ledger.Tenants;
using static AgentBudget.Ledger.Tests.SessionScript;

namespace AgentBudget.Ledger.Tests.Tenants;

/// <summary>Many wait for a limit that is raised: each turn serves some of them, until none is left.</summary>
public sealed class ServingTests
{
    private const int Sessions = 300;

    [Fact]
    public void Limit_RaisedForMany_ServesSoManyATurnAndTheRestAtOnce()
    {
        var story = new TenantStory();
        story.Set(new TenantSettings { TotalLimit = Usd("0.02") });
        for (var i = 0; i < Sessions; i++)
            story.Open($"{i:000}", "8.00");
        for (var i = 0; i < Sessions; i++)
            story.Spend($"{i:000}", "0.00", atLeast: "0.01");
        story.Entries.Clear();

        story.Set(new TenantSettings { TotalLimit = Usd("1000.00") });
        Assert.Equal(TenantGrants.MostServed, Served());
        Assert.True(story.Ledger.NextTick <= story.Now);
        story.PassTo(story.Now);
        Assert.InRange(Served(), 1, Sessions - TenantGrants.MostServed);
        story.PassTo(story.Now);
        Assert.Equal(0, Served());
        Assert.True(story.Ledger.NextTick > story.Now);

        int Served()
        {
            var served = story.Entries.Count(entry => entry.Kind == EntryKind.HolderGranted);
            story.Entries.Clear();
            return served;
        }
    }
}
