namespace AgentBudget.Orleans.Sessions;

/// <summary>When a ledger's grain next wakes by itself: what is due within a minute is not left to the sweep.</summary>
internal struct DueTimer()
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private long atTicks = long.MaxValue;

    /// <summary>Whether a timer is to be set in place of the one that runs, and how.</summary>
    public bool MustBeSet(SessionExecutor ledger, out GrainTimerCreationOptions options)
    {
        options = default;
        var due = ledger.NextDue;
        if (due.UtcTicks >= atTicks || ledger.Until(due) is var dueIn && dueIn > Longest)
            return false;
        atTicks = due.UtcTicks;
        options = new GrainTimerCreationOptions(dueIn > TimeSpan.Zero ? dueIn : TimeSpan.Zero, Timeout.InfiniteTimeSpan)
        {
            Interleave = true,
        };
        return true;
    }

    /// <summary>It has gone off.</summary>
    public void WentOff() => atTicks = long.MaxValue;
}
