using AgentBudget.Extensions.AI.Usage;
using Microsoft.Extensions.AI;

namespace AgentBudget.Extensions.AI.Tests.Usage;

/// <summary>Counts as adapters hand them on. Trap 23.</summary>
public sealed class UsageCountTests
{
    [Fact]
    public void Counts_OfAnthropicsAdapter_AreRead()
    {
        var usage = UsageCounts.Of(
            new()
            {
                InputTokenCount = 2_000,
                CachedInputTokenCount = 1_000,
                OutputTokenCount = 70,
                ReasoningTokenCount = 20,
                AdditionalCounts = new() { ["CacheCreationInputTokens"] = 500, ["WebSearchRequests"] = 2 },
            }
        );
        var expected = new TokenUsage(2_000, 70)
        {
            CacheRead = 1_000,
            CacheWrite = 500,
            Reasoning = 20,
            WebSearches = 2,
        };
        Assert.Equal(expected, usage);
    }

    [Fact]
    public void Usage_ThatNobodyGave_IsNotOneOfZero()
    {
        Assert.Null(UsageCounts.Of(null));
        Assert.Null(UsageCounts.Of(new UsageDetails()));
        Assert.Null(UsageCounts.Of(new UsageDetails { InputTokenCount = 0, OutputTokenCount = 0 }));
    }

    [Fact]
    public void Counts_ThatAreNotTidy_AreTakenFromWithinTheirRange()
    {
        var usage = UsageCounts.Of(
            new()
            {
                InputTokenCount = -5,
                OutputTokenCount = long.MaxValue,
                CachedInputTokenCount = 9,
            }
        );
        Assert.Equal(new TokenUsage(0, TokenUsage.MaxCount), usage);
    }

    [Fact]
    public void Total_Alone_IsAnInput() => Assert.Equal(new TokenUsage(40, 0), UsageCounts.Of(new() { TotalTokenCount = 40 }));
}
