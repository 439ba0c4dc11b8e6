using AgentBudget.Robustness.Soaks;

namespace AgentBudget.Robustness.Tests.Soaks;

public sealed class MemoryTrendTests
{
    private const long Megabyte = 1 << 20;

    [Fact]
    public void PerMinute_SteadyGrowth_IsItsSlope()
    {
        var trend = Trend(4, minute => (500 + (10 * minute)) * Megabyte);
        Assert.Equal(10 * Megabyte, trend.PerMinute, Megabyte / 1000.0);
        Assert.Equal(500 * Megabyte, trend.AtStart, Megabyte / 1000.0);
        Assert.Equal(540 * Megabyte, trend.AtEnd, Megabyte / 1000.0);
        Assert.False(trend.Grows);
    }

    [Fact]
    public void Grows_SawOfCollections_IsFlat()
    {
        var trend = Trend(4, minute => (300 + (200 * (minute * 4 % 1))) * Megabyte);
        Assert.InRange(trend.PerMinute, -10 * Megabyte, 10 * Megabyte);
        Assert.False(trend.Grows);
    }

    [Theory]
    [InlineData(100, 31, false)]
    [InlineData(100, 33, true)]
    [InlineData(1000, 99, false)]
    [InlineData(1000, 101, true)]
    public void Grows_BeyondFloorAndShare_IsTold(int megabytes, int growth, bool grows) =>
        Assert.Equal(grows, Trend(4, minute => (megabytes + (growth * minute / 4)) * Megabyte).Grows);

    [Fact]
    public void Add_OneSample_HasNoSlope()
    {
        var trend = Trend(0, _ => 7 * Megabyte);
        Assert.Equal((0, 7 * Megabyte, 7 * Megabyte, false), (trend.PerMinute, trend.AtStart, trend.Peak, trend.Grows));
    }

    private static MemoryTrend Trend(int minutes, Func<double, double> bytesAt)
    {
        var trend = new MemoryTrend(allowedShare: 0.10, allowedLeast: 32 * Megabyte);
        for (var second = 0; second <= minutes * 60; second++)
            trend.Add(TimeSpan.FromSeconds(second + 60), (long)bytesAt(second / 60.0));
        return trend;
    }
}
