using AgentBudget.Orleans.Feed;
using Microsoft.Extensions.Options;

namespace AgentBudget.Orleans.Tests.Feed;

/// <summary>Where the feed is cut by a time, whatever the clocks of silos said.</summary>
public sealed class FeedUpkeepTests
{
    private static readonly DateTimeOffset Since = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    // Two silos write by turns, the clock of one is four seconds behind.
    [InlineData(2, -10, -6, 2, -2, 4, 0, 6)]
    [InlineData(1, -10, 2, -2, 4, 0, 6, 2)]
    [InlineData(2, -200, -250, 3, -100, 5, 1, 7)]
    [InlineData(0, 1, -3, 2, -2)]
    [InlineData(4, -4, -3, -2, -1)]
    [InlineData(3, -900, -800, -700, 100, 200)]
    public async Task LastBeforeAll_OfRowsByClocksThatDiffer_IsBeforeEachRowOfTheTimeAndLater(int expected, params int[] seconds)
    {
        var feed = new FixedFeed([.. seconds.Select(second => Since.AddSeconds(second))]);
        var upkeep = new FeedUpkeep(feed.ToStore(), Options.Create(new AgentBudgetOptions()));
        Assert.Equal(expected, await upkeep.LastBeforeAllAsync(0, Since, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task LastBeforeAll_OfManyRowsWithinTheMargin_LooksAtAllOfThem()
    {
        var times = Enumerable.Range(0, 2_500).Select(i => Since.AddMilliseconds((i - 2_400) * 100.0)).ToArray();
        var upkeep = new FeedUpkeep(new FixedFeed(times).ToStore(), Options.Create(new AgentBudgetOptions()));
        Assert.Equal(2_400, await upkeep.LastBeforeAllAsync(0, Since, TestContext.Current.CancellationToken));
    }
}
