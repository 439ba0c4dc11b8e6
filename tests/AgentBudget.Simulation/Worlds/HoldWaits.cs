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
            Told(number, isPause, ledger.OpenHolders.Values, isAll: true);
            answer();
            return;
        }

        waits.Add(
            (
                number,
                notTold =>
                {
                    Told(number, isPause, ledger.OpenHolders.Values.Where(ledger.HasWrittenHold), notTold == 0);
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

    private void Told(long number, bool isPause, IEnumerable<HolderRow> told, bool isAll)
    {
        // A pause that is asked for again may have been let go meanwhile.
        if (!isPause || number != ledger.Head.HoldNumber || ledger.Head.Breaker.PausedBy == PauseSources.None)
            return;
        var isStop = ledger.Head.Tenant is { StoppedBy: not PauseSources.None };
        world.Events.Count(WorldEvent.HoldAnsweredAsToldToAll, isAll && ledger.OpenHolders.Count > 0);
        world.Events.Count(WorldEvent.StopAnswered, isStop);
        world.Laws.HoldAnswered(ledger.Head.SessionId, ledger.Head, told.Where(row => row.HolderLife != 0), isStop);
    }
}
