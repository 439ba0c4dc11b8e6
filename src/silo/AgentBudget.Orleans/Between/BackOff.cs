namespace AgentBudget.Orleans.Between;

/// <summary>
/// How long another ledger that could not be reached is left alone: 1, 2, 4 … 30 seconds, so that after an outage what is said in the
/// background can take as long. A word that a caller waits for may pass meanwhile, one every 2 seconds: those who repeat themselves must
/// not hammer it until it is back, nor lengthen the time until it is tried again.
/// </summary>
internal sealed class BackOff(TimeProvider time)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan BetweenCallers = TimeSpan.FromSeconds(2);

    private int failures;
    private bool hasPassed;
    private long passedAt;
    private long failedAt;
    private TimeSpan delay;

    /// <summary>How long it is still left alone.</summary>
    public TimeSpan Left => failures > 0 && time.GetElapsedTime(failedAt) is var since && since < delay ? delay - since : TimeSpan.Zero;

    /// <summary>It answered.</summary>
    public void Succeeded() => (failures, hasPassed) = (0, false);

    /// <summary>It could not be reached. A caller who passed while it was left alone lengthens nothing.</summary>
    public void Failed()
    {
        if (Left > TimeSpan.Zero)
            return;
        delay = TimeSpan.FromSeconds(Math.Min(Longest.TotalSeconds, 1 << Math.Min(failures, 5)));
        failures++;
        failedAt = time.GetTimestamp();
    }

    /// <summary>Whether a word that a caller waits for may be said now.</summary>
    public bool TryPass()
    {
        if (Left == TimeSpan.Zero)
            return true;
        if (hasPassed && time.GetElapsedTime(passedAt) < BetweenCallers)
            return false;
        (hasPassed, passedAt) = (true, time.GetTimestamp());
        return true;
    }
}
