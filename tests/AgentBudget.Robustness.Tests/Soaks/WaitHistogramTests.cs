using AgentBudget.Robustness.Soaks;

namespace AgentBudget.Robustness.Tests.Soaks;

public sealed class WaitHistogramTests
{
    [Theory]
    [InlineData(0.5)]
    [InlineData(0.99)]
    [InlineData(0.999)]
    [InlineData(1.0)]
    public void Percentile_ManyWaits_IsThatOfTheSortedListWithinAStep(double share)
    {
        var random = new Random(7);
        // From a microsecond to ten minutes, as many short ones as long ones.
        long[] waits = [.. Enumerable.Range(0, 20_000).Select(_ => (long)Math.Exp(random.NextDouble() * 20.2))];
        var histogram = HistogramOf(waits);
        Array.Sort(waits);
        var exact = waits[(int)Math.Ceiling(waits.Length * share) - 1];
        Assert.InRange(histogram.Percentile(share).TotalMicroseconds, exact, exact * 1.016);
    }

    [Fact]
    public void Percentile_FewShortWaits_IsExact()
    {
        var histogram = HistogramOf(1, 2, 3, 4, 100);
        Assert.Equal(3, histogram.Percentile(0.5).TotalMicroseconds);
        Assert.Equal(4, histogram.Percentile(0.8).TotalMicroseconds);
        Assert.Equal(100, histogram.Percentile(0.81).TotalMicroseconds);
    }

    [Fact]
    public void Percentile_NoWaits_IsZero() => Assert.Equal(TimeSpan.Zero, new WaitHistogram().Percentile(0.99));

    [Fact]
    public void Add_BeyondAnHour_CountsAsOne()
    {
        var histogram = new WaitHistogram();
        histogram.Add(TimeSpan.FromDays(2));
        Assert.InRange(histogram.Percentile(1).TotalHours, 1, 1.016);
    }

    [Fact]
    public void Since_EarlierCopy_LeavesWhatCameAfter()
    {
        var histogram = HistogramOf(50, 60);
        var earlier = WaitHistogram.Of(histogram.ToPairs());
        histogram.Add(HistogramOf(5_000, 90));
        var since = histogram.Since(earlier);
        Assert.Equal(2, since.Total);
        Assert.Equal(90, since.Percentile(0.5).TotalMicroseconds);
    }

    private static WaitHistogram HistogramOf(params long[] microseconds)
    {
        var histogram = new WaitHistogram();
        foreach (var wait in microseconds)
            histogram.Add(TimeSpan.FromMicroseconds(wait));
        return histogram;
    }
}
