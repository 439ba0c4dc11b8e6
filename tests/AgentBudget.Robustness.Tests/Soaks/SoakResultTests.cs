using AgentBudget.Robustness.Soaks;

namespace AgentBudget.Robustness.Tests.Soaks;

/// <summary>When a soak holds, and when it does not.</summary>
public sealed class SoakResultTests
{
    private const long Megabyte = 1 << 20;

    [Fact]
    public void Problems_AllIsWell_AreNone() => Assert.Empty(Result().Problems);

    [Fact]
    public void Problems_CallFailed_AreNamed()
    {
        var result = Result(totals => totals with { Errors = 1, FirstError = "TimeoutException: late" });
        Assert.Contains("TimeoutException: late", Assert.Single(result.Problems));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public void Problems_SumDiffersByANanoDollar_AreNamed(long difference)
    {
        var result = Result();
        result = result with { Spent = Money.FromNanoDollars(result.Spent.NanoDollars + difference) };
        Assert.Contains("clients were told", Assert.Single(result.Problems));
    }

    [Theory]
    [InlineData(98_999, 1)]
    [InlineData(99_000, 0)]
    public void Problems_RateNotReached_AreNamed(long sent, int problems) =>
        Assert.Equal(problems, Result(totals => totals with { Due = 100_000, Sent = sent }).Problems.Count);

    [Fact]
    public void Problems_NothingAcknowledged_AreNamed() =>
        Assert.NotEmpty((Result(_ => new SoakTotals()) with { Spent = Money.Zero }).Problems);

    [Theory]
    [InlineData(9, 0, "silo 1 keeps 36 MB more alive")]
    [InlineData(0, 25, "silo 1 grew by 100 MB")]
    [InlineData(7, 23, null)]
    public void Problems_SiloGrew_AreNamedWhereTheRunWasLongEnough(int livePerMinute, int residentPerMinute, string? problem)
    {
        var grown = Result() with { Silos = [Memory(0, 0), Memory(livePerMinute, residentPerMinute)] };
        if (problem is null)
            Assert.Empty(grown.Problems);
        else
            Assert.StartsWith(problem, Assert.Single(grown.Problems), StringComparison.Ordinal);
        Assert.Empty((grown with { Options = grown.Options with { Duration = TimeSpan.FromSeconds(20) } }).Problems);
    }

    [Fact]
    public void Problems_ProcessEndedBadly_AreNamed() =>
        Assert.Equal(["a silo ended"], (Result() with { BadEnds = ["a silo ended"] }).Problems);

    [Fact]
    public void Sum_OfClients_AddsAllThatTheyCounted()
    {
        var sum = SoakTotals.Sum([
            new SoakTotals
            {
                Due = 5,
                Sent = 4,
                Acknowledged = 2,
                Errors = 1,
                Unknown = 1,
                AcknowledgedNanoDollars = 7,
                Waits = [3, 2],
                FirstError = "first",
            },
            new SoakTotals
            {
                Due = 5,
                Sent = 5,
                Acknowledged = 5,
                AcknowledgedNanoDollars = 11,
                Waits = [3, 1, 9, 4],
            },
        ]);
        Assert.Equal(
            (10, 9, 7, 1, 1, 18, "first"),
            (sum.Due, sum.Sent, sum.Acknowledged, sum.Errors, sum.Unknown, sum.AcknowledgedNanoDollars, sum.FirstError)
        );
        Assert.Equal([3, 3, 9, 4], sum.Waits);
    }

    private static SoakResult Result(Func<SoakTotals, SoakTotals>? change = null)
    {
        var totals = new SoakTotals
        {
            Due = 100,
            Sent = 100,
            Acknowledged = 100,
            AcknowledgedNanoDollars = 12_345,
        };
        return new SoakResult
        {
            Options = new SoakOptions { Seed = 1 },
            Totals = change?.Invoke(totals) ?? totals,
            AfterWarmUp = new WaitHistogram(),
            Spent = Money.FromNanoDollars(12_345),
            Silos = [Memory(0, 0)],
            BadEnds = [],
        };
    }

    // Four minutes of samples, one every ten seconds, from 50 and 200 MB.
    private static SiloMemory Memory(long livePerMinute, long residentPerMinute)
    {
        var memory = new SiloMemory();
        for (var seconds = 0; seconds <= 240; seconds += 10)
        {
            memory.Live.Add(TimeSpan.FromSeconds(60 + seconds), (50 * Megabyte) + (livePerMinute * Megabyte * seconds / 60));
            memory.Resident.Add(TimeSpan.FromSeconds(60 + seconds), (200 * Megabyte) + (residentPerMinute * Megabyte * seconds / 60));
        }

        return memory;
    }
}
