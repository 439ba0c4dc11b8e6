namespace AgentBudget.Benchmarks.Load;

/// <summary>What one round of a case did.</summary>
internal sealed record LoadResult
{
    /// <summary>Calls completed in a second.</summary>
    public double CallsPerSecond { get; init; }

    /// <summary>Half of the calls waited no longer.</summary>
    public double P50Milliseconds { get; init; }

    /// <summary>99 of 100 calls waited no longer.</summary>
    public double P99Milliseconds { get; init; }

    /// <summary>Processor time of the whole process for one call, load and collector included.</summary>
    public double ProcessorMicroseconds { get; init; }

    /// <summary>Managed bytes allocated for one call, load included.</summary>
    public double AllocatedBytes { get; init; }

    /// <summary>The medians of several rounds.</summary>
    public static LoadResult MedianOf(IReadOnlyCollection<LoadResult> rounds) =>
        new()
        {
            CallsPerSecond = Median(rounds.Select(round => round.CallsPerSecond)),
            P50Milliseconds = Median(rounds.Select(round => round.P50Milliseconds)),
            P99Milliseconds = Median(rounds.Select(round => round.P99Milliseconds)),
            ProcessorMicroseconds = Median(rounds.Select(round => round.ProcessorMicroseconds)),
            AllocatedBytes = Median(rounds.Select(round => round.AllocatedBytes)),
        };

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[sorted.Length / 2] + sorted[(sorted.Length - 1) / 2]) / 2;
    }
}
