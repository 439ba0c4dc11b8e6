namespace AgentBudget.Benchmarks.Load;

/// <summary>What one round of a case did.</summary>
/// <param name="CallsPerSecond">Calls completed in a second.</param>
/// <param name="P50Milliseconds">Half of the calls waited no longer.</param>
/// <param name="P99Milliseconds">99 of 100 calls waited no longer.</param>
/// <param name="ProcessorMicroseconds">Processor time of the whole process for one call, load and collector included.</param>
internal sealed record LoadResult(double CallsPerSecond, double P50Milliseconds, double P99Milliseconds, double ProcessorMicroseconds)
{
    /// <summary>The medians of several rounds.</summary>
    public static LoadResult MedianOf(IReadOnlyCollection<LoadResult> rounds) => new(
        Median(rounds.Select(round => round.CallsPerSecond)),
        Median(rounds.Select(round => round.P50Milliseconds)),
        Median(rounds.Select(round => round.P99Milliseconds)),
        Median(rounds.Select(round => round.ProcessorMicroseconds)));

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }
}
