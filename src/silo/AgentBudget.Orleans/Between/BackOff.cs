namespace AgentBudget.Orleans.Between;

/// <summary>
/// How long another ledger that could not be reached is left alone: 1, 2, 4 … 30 seconds. A word that a caller waits for may pass once
/// while it is; then it is left alone for callers, too, or those who repeat themselves would hammer it until it is back.
/// </summary>
internal sealed class BackOff(TimeProvider time)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private int failures;
    private bool hasPassed;
    private long failedAt;
    private TimeSpan delay;

    /// <summary>How long it is still left alone.</summary>
    public TimeSpan Left => failures > 0 && time.GetElapsedTime(failedAt) is var since && since < delay ? delay - since : TimeSpan.Zero;

    /// <summary>It answered.</summary>
    public void Succeeded() => failures = 0;

    /// <summary>It could not be reached.</summary>
    public void Failed()
    {
        // Whoever passed has used that up; the next delay begins when this one is over.
        if (Left == TimeSpan.Zero)
            hasPassed = false;
        delay = TimeSpan.FromSeconds(Math.Min(Longest.TotalSeconds, 1 << Math.Min(failures, 5)));
        failures++;
        failedAt = time.GetTimestamp();
    }

    /// <summary>Whether a word that a caller waits for may be said now.</summary>
    public bool TryPass()
    {
        if (Left == TimeSpan.Zero)
            return true;
        if (hasPassed)
            return false;
        hasPassed = true;
        return true;
    }
}
