namespace AgentBudget.Simulation.Worlds;

/// <summary>Callers of one activation who paused or resumed, and are answered when all holders have written it, or after a while.</summary>
internal sealed class HoldWaits(World world, SessionLedger ledger, ActivationWrites writes)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private readonly List<(long HoldNumber, Action<int> Tell)> waits = [];

    /// <summary>Has a caller wait for a hold.</summary>
    /// <param name="number">The hold's number.</param>
    /// <param name="isPause">Whether it is a pause.</param>
    /// <param name="answer">Answers the caller.</param>
    public void Add(long number, bool isPause, Action answer)
    {
        if (writes.IsDead)
            return;
        if (world.Plants.HasFlag(Plants.PauseAnsweredEarly))
        {
            ToldToAll(number, isPause);
            answer();
            return;
        }

        waits.Add(
            (
                number,
                notTold =>
                {
                    if (notTold == 0)
                        ToldToAll(number, isPause);
                    answer();
                }
            )
        );
        Answer();
        world.After(Longest, () => GiveUp(number));
    }

    /// <summary>Answers all if every holder has written the last hold.</summary>
    public void Answer()
    {
        if (waits.Count == 0 || writes.IsDead || ledger.HoldersNotTold > 0)
            return;
        var all = waits.ToArray();
        waits.Clear();
        foreach (var (_, tell) in all)
            tell(0);
    }

    private void GiveUp(long number)
    {
        var late = waits.FindAll(wait => wait.HoldNumber == number);
        waits.RemoveAll(wait => wait.HoldNumber == number);
        if (!writes.IsDead)
            late.ForEach(wait => wait.Tell(ledger.HoldersNotTold));
    }

    private void ToldToAll(long number, bool isPause)
    {
        // A pause that is asked for again may have been let go meanwhile.
        if (!isPause || number != ledger.Head.HoldNumber || ledger.Head.Breaker.PausedBy == PauseSources.None)
            return;
        world.Events.Count(WorldEvent.HoldAnsweredAsToldToAll, ledger.OpenHolders.Count > 0);
        world.Laws.HoldAnswered(ledger.Head.SessionId, ledger.Head, ledger.OpenHolders.Values.Where(row => row.HolderLife != 0));
    }
}
