using AgentBudget.Ledger.Tenants;
using static AgentBudget.Ledger.Tests.SessionScript;

namespace AgentBudget.Ledger.Tests.Tenants;

/// <summary>Many wait for a limit that is raised: each turn serves some of them, until none is left.</summary>
public sealed class ServingTests
{
    private const int Sessions = 300;

    [Fact]
    public void FirstSlice_OfASessionThatWouldHaveACrumb_IsNothing()
    {
        var story = new TenantStory();
        story.Set(new TenantSettings { TotalLimit = Usd("100.00") });
        for (var i = 0; i < Sessions; i++)
            story.Open($"{i:000}", "5.00");
        var slices = story.Ledger.OpenHolders.OrderBy(each => each.Key).Select(each => each.Value.Granted).ToArray();
        // An eighth of the budget is the most, an eighth of that the least.
        Assert.Equal(Usd("0.625"), slices[0]);
        Assert.Equal(Money.Zero, slices[^1]);
        Assert.DoesNotContain(slices, slice => slice > Money.Zero && slice < Usd("0.078125"));
        Assert.True(TenantLimits.Room(story.Ledger.Head) > Usd("20.00"));
    }

    [Theory]
    [InlineData("50.00", "5000.00", "25.00")]
    [InlineData("50.00", "80.00", "10.00")]
    public void FirstSlice_AmongFew_IsAShareOfWhatIsFree(string limit, string budget, string expected)
    {
        var story = new TenantStory();
        story.Set(new TenantSettings { TotalLimit = Usd(limit) });
        story.Open("1", budget);
        Assert.Equal(Usd(expected), story.Ledger.OpenHolders["acme@1"].Granted);
    }

    // Its wish is what it spent in the last minute, and the share is far less: ten calls all the same.
    [Theory]
    [InlineData("0.05", 9)]
    [InlineData("0.30", 1)]
    [InlineData("0.60", 0)]
    public void Share_OfWhatIsFree_IsWholeCalls(string call, int callsAhead)
    {
        var story = new TenantStory();
        story.Set(new TenantSettings { TotalLimit = Usd("300.00") });
        // No slices: no budget is small enough.
        for (var i = 0; i < Sessions; i++)
            story.Open($"{i:000}", i < 32 ? "0.01" : "900.00");
        story.Ask("299", call, call, wish: "10.00");
        Assert.Equal(Money.FromNanoDollars(Usd(call).NanoDollars * (1 + callsAhead)), story.Ledger.OpenHolders["acme@299"].Granted);
    }

    [Fact]
    public void OpenSessions_AreCountedWithoutTheTenantsBelow()
    {
        var story = new TenantStory();
        story.Set(new TenantSettings { OpenSessions = 2 });
        foreach (var name in new[] { "a", "b", "c" })
            story.AddTenantBelow(name);
        story.Open("1", "5.00");
        story.Open("2", "5.00");
        Assert.Equal(RefusalReason.TooManySessions, story.Refused("3", "5.00"));
    }

    // With one whose caller was refused it would lie idle until that comes again; the oldest has its turn all the same.
    [Fact]
    public void Money_ThatComesBack_IsForThoseWhoseCallersAreThere()
    {
        var story = new TenantStory();
        story.Set(new TenantSettings { TotalLimit = Usd("0.95") });
        foreach (var name in new[] { "rich", "oldest", "gone", "there" })
            story.Open(name, "0.000000008");
        story.Ask("rich", "0.90", "0.90");
        story.Ask("oldest", "0.40", "0.40");
        story.Now = story.Now.AddSeconds(0.1);
        story.Ask("gone", "0.40", "0.40");
        story.Now = story.Now.AddSeconds(2.6);
        story.Ask("there", "0.40", "0.40");
        story.GiveBack("rich", story.Recalled()["rich"]);
        Assert.Equal(("0.40", "0.00", "0.40"), (Granted("oldest"), Granted("gone"), Granted("there")));

        string Granted(string name) => story.Ledger.OpenHolders[$"acme@{name}"].Granted >= Usd("0.40") ? "0.40" : "0.00";
    }

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
