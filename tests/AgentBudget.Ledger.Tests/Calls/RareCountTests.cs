namespace AgentBudget.Ledger.Tests.Calls;

/// <summary>Counts that few calls have stand apart, and nobody sees that: checked against one number for each count.</summary>
public sealed class RareCountTests
{
    private static readonly UsageDimension[] All = Enum.GetValues<UsageDimension>();

    [Fact]
    public void UsageSetAndAddedInAnyWay_IsItsCounts()
    {
        var random = new Random(20261130);
        var known = new List<(TokenUsage Usage, long[] Counts)> { (default, new long[All.Length]) };
        for (var step = 0; step < 3_000; step++)
        {
            var (usage, counts) = known[random.Next(known.Count)];
            var (other, otherCounts) = known[random.Next(known.Count)];
            // Few numbers, zero among them, so that counts come and go.
            var (dimension, count) = (All[random.Next(All.Length)], (long)random.Next(3));
            var changed = (long[])counts.Clone();
            changed[(int)dimension] = count;
            known.Add((usage.With(dimension, count), changed));
            if (step % 3 == 0 && counts.Max() + otherCounts.Max() < 100)
                known.Add((usage + other, [.. counts.Zip(otherCounts, (left, right) => left + right)]));
        }

        // What was made of a usage has not changed it: all are looked at when all were made.
        foreach (var (usage, counts) in known)
        {
            Assert.Equal(counts, All.Select(dimension => usage[dimension]));
            Assert.Equal(counts.All(count => count == 0), usage.IsZero);
            Assert.Equal(usage, All.Aggregate(default(TokenUsage), (made, dimension) => made.With(dimension, counts[(int)dimension])));
        }

        Assert.Equal(
            known.Select(one => string.Join(',', one.Counts)).Distinct().Count(),
            known.Select(one => one.Usage).Distinct().Count()
        );
    }

    [Fact]
    public void RareCounts_OfACopyWithAnother_StayAsTheyWere()
    {
        var first = new TokenUsage(10, 5) { WebSearches = 2, FileSearches = 1 };
        var second = first with { WebSearches = 0, FileSearches = 0 };
        Assert.Equal((2, 1), (first.WebSearches, first.FileSearches));
        Assert.Equal(new TokenUsage(10, 5), second);
        Assert.Equal(new TokenUsage(10, 5).GetHashCode(), second.GetHashCode());
        Assert.NotEqual(first, second);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void CountOfNoDimension_IsAnError(bool hasRare)
    {
        var usage = new TokenUsage(1, 1) { WebSearches = hasRare ? 1 : 0 };
        Assert.Throws<ArgumentOutOfRangeException>(() => usage[(UsageDimension)All.Length]);
        Assert.Throws<ArgumentOutOfRangeException>(() => usage.With((UsageDimension)All.Length, 1));
    }

    [Fact]
    public void RareCounts_BeyondTheirBoundOrTheirWhole_AreNamed()
    {
        Assert.Contains("web_searches", new TokenUsage { WebSearches = -1 }.FindProblem(), StringComparison.Ordinal);
        Assert.Contains("file_searches", new TokenUsage { FileSearches = TokenUsage.MaxCount + 1 }.FindProblem(), StringComparison.Ordinal);
        Assert.Contains("input_audio", new TokenUsage(1, 0) { InputAudio = 2 }.FindProblem(), StringComparison.Ordinal);
        Assert.Null(new TokenUsage(2, 0) { InputAudio = 2 }.FindProblem());
    }
}
