using static AgentBudget.Ledger.Tests.SessionScript;

namespace AgentBudget.Ledger.Tests.Tenants;

/// <summary>Soft limits of a tenant: by what is settled and out, once per window and threshold, armed by a window or a raise.</summary>
public sealed class TenantSoftLimitTests
{
    private static readonly TenantSettings Halves = new() { SoftLimits = [0.5m, 0.9m] };

    private readonly TenantStory story = new();

    [Fact]
    public void Cross_EachThreshold_IsWrittenOnce()
    {
        story.Set(Halves with { DailyLimit = Usd("1.00") });
        story.Open("a", "1.60");
        Assert.Equal("", story.Crossed());
        story.Spend("a", "0.50");
        Assert.Equal("Day 0.5 of $1.00", story.Crossed());
        story.Spend("a", "0.10");
        Assert.Equal("", story.Crossed());
        story.Spend("a", "0.40");
        Assert.Equal("Day 0.9 of $1.00", story.Crossed());
        Assert.Equal([0.5m, 0.9m], story.Report[WindowKind.Day].SoftLimitsCrossed);
        Assert.Empty(story.Report[WindowKind.Total].SoftLimitsCrossed);
    }

    [Fact]
    public void Cross_ByMoneyThatIsOut_IsWritten()
    {
        story.Set(Halves with { TotalLimit = Usd("1.00") });
        story.Open("a", "8.00");
        Assert.Equal("Total 0.5 of $1.00", story.Crossed());
        story.Spend("a", "0.00", atLeast: "0.95");
        Assert.Equal("Total 0.9 of $1.00", story.Crossed());
    }

    [Fact]
    public void Cross_InAWindowThatBegins_IsWrittenAgain()
    {
        story.Set(Halves with { DailyLimit = Usd("1.00"), MonthlyLimit = Usd("10.00") });
        story.Open("a", "1.60");
        story.Spend("a", "0.60");
        Assert.Equal("Day 0.5 of $1.00", story.Crossed());
        story.PassTo(story.Now.AddDays(1));
        Assert.Empty(story.Report[WindowKind.Day].SoftLimitsCrossed);
        story.Spend("a", "0.60");
        Assert.Equal("Day 0.5 of $1.00", story.Crossed());
    }

    [Fact]
    public void Cross_AfterTheLimitWasRaisedAbove_IsWrittenAgain()
    {
        story.Set(Halves with { DailyLimit = Usd("1.00") });
        story.Open("a", "1.60");
        story.Spend("a", "0.95");
        Assert.Equal("Day 0.5 0.9 of $1.00", story.Crossed());
        story.Do(new TopUpTenantCommand { Amount = Usd("0.50"), Window = WindowKind.Day });
        // Half of it is reached still, and was said.
        Assert.Equal([0.5m], story.Report[WindowKind.Day].SoftLimitsCrossed);
        Assert.Equal("", story.Crossed());
        story.Spend("a", "0.40");
        Assert.Equal("Day 0.9 of $1.50", story.Crossed());
    }

    [Fact]
    public void Set_ALimitBelowWhatIsSpent_CrossesEverything()
    {
        story.Set(Halves with { TotalLimit = Usd("9.00") });
        story.Open("a", "1.60");
        story.Spend("a", "0.95");
        Assert.Equal("", story.Crossed());
        story.Set(Halves with { TotalLimit = Usd("0.50") });
        Assert.Equal($"Total 0.5 0.9 of {story.Report[WindowKind.Total].LimitInForce}", story.Crossed());
    }

    [Fact]
    public void Set_OtherThresholds_KeepsThoseThatWereSaidAndSaysTheNewOnes()
    {
        story.Set(Halves with { DailyLimit = Usd("1.00") });
        story.Open("a", "1.60");
        story.Spend("a", "0.60");
        Assert.Equal("Day 0.5 of $1.00", story.Crossed());
        story.Set(new TenantSettings { DailyLimit = Usd("1.00"), SoftLimits = [0.25m, 0.5m] });
        Assert.Equal("Day 0.25 of $1.00", story.Crossed());
        Assert.Equal([0.25m, 0.5m], story.Report[WindowKind.Day].SoftLimitsCrossed);
    }

    [Fact]
    public void Cross_WhereLimitsHoldNobodyUp_IsWrittenByWhatWasSet()
    {
        story.Set(Halves with { DailyLimit = Usd("1.00"), Mode = SessionMode.Observe });
        story.Open("a", "8.00");
        story.Spend("a", "2.00");
        Assert.Equal("Day 0.5 0.9 of $1.00", story.Crossed());
    }
}
