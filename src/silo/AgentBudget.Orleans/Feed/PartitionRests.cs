namespace AgentBudget.Orleans.Feed;

/// <summary>Which partitions of the store are let alone for a while, because they were away: each by itself, so that the others go on.
/// Without a clock.</summary>
/// <param name="partitions">How many there are.</param>
/// <param name="first">How long the first rest is; each one after it doubles, up to half a minute.</param>
internal sealed class PartitionRests(int partitions, TimeSpan first)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private readonly DateTimeOffset[] until = new DateTimeOffset[partitions];
    private readonly int[] failures = new int[partitions];

    /// <summary>How long to wait after so many failures in a row: at least 1.</summary>
    public static TimeSpan After(int failures, TimeSpan first)
    {
        var pause = first * (1 << Math.Min(failures, 5));
        return pause < Longest ? pause : Longest;
    }

    public bool IsResting(int partition, DateTimeOffset now) => now < until[partition];

    public void Failed(int partition, DateTimeOffset now) => until[partition] = now + After(++failures[partition], first);

    public void Passed(int partition) => failures[partition] = 0;
}
