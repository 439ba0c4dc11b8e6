namespace AgentBudget.Robustness.Soaks;

/// <summary>What one process took of memory over time, and whether it grows.</summary>
/// <param name="allowedShare">Growth that no one has to explain, as a share of the size at the first sample.</param>
/// <param name="allowedLeast">The same in bytes, where that is more.</param>
public sealed class MemoryTrend(double allowedShare, long allowedLeast)
{
    private readonly List<(TimeSpan At, long Bytes)> samples = [];

    /// <summary>The line through the samples, at the first of them, in bytes.</summary>
    public double AtStart { get; private set; }

    /// <summary>The line through the samples, at the last of them, in bytes.</summary>
    public double AtEnd { get; private set; }

    /// <summary>How steep that line is, in bytes a minute.</summary>
    public double PerMinute { get; private set; }

    /// <summary>The largest sample, in bytes.</summary>
    public long Peak => samples.Select(sample => sample.Bytes).DefaultIfEmpty().Max();

    /// <summary>How much more it may take at the end than at the start, in bytes.</summary>
    public double Allowed => Math.Max(allowedLeast, AtStart * allowedShare);

    /// <summary>Whether it grew by more than is allowed.</summary>
    public bool Grows => AtEnd - AtStart > Allowed;

    /// <summary>Takes a sample; they come in the order of time, once warm-up is over.</summary>
    public void Add(TimeSpan at, long bytes)
    {
        samples.Add((at, bytes));
        Fit();
    }

    // Least squares: one sample before or after a collection says little, the line through all of them much.
    private void Fit()
    {
        var first = samples[0].At.TotalMinutes;
        var meanAt = samples.Average(sample => sample.At.TotalMinutes) - first;
        var mean = samples.Average(sample => (double)sample.Bytes);
        var spread = samples.Sum(sample => Math.Pow(sample.At.TotalMinutes - first - meanAt, 2));
        PerMinute = spread > 0 ? samples.Sum(sample => (sample.At.TotalMinutes - first - meanAt) * (sample.Bytes - mean)) / spread : 0;
        AtStart = mean - (PerMinute * meanAt);
        AtEnd = AtStart + (PerMinute * (samples[^1].At.TotalMinutes - first));
    }
}
