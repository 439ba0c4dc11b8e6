using AgentBudget.Orleans.Storage;

namespace AgentBudget.Robustness.Plants;

/// <summary>Acknowledges before it writes. Whoever is killed in between has said what is not so.</summary>
public sealed class HastyStore(ILedgerStore inner) : DecoratedStore(inner)
{
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(500);

    private readonly Lock gate = new();
    private Task writing = Task.CompletedTask;
    private int crashes;

    public override ValueTask<IReadOnlyList<AppendOutcome>> AppendAsync(IReadOnlyList<LedgerAppend> batch)
    {
        // The writer uses its list again.
        LedgerAppend[] appends = [.. batch];
        lock (gate)
            writing = WriteLaterAsync(writing, appends, Volatile.Read(ref crashes));
        return ValueTask.FromResult<IReadOnlyList<AppendOutcome>>(new AppendOutcome[appends.Length]);
    }

    /// <summary>Loses what is not written yet, as a process does that is killed.</summary>
    public void Crash() => Interlocked.Increment(ref crashes);

    private async Task WriteLaterAsync(Task before, LedgerAppend[] appends, int crashesBefore)
    {
        await before;
        await Task.Delay(Delay);
        if (Volatile.Read(ref crashes) == crashesBefore)
            await Inner.AppendAsync(appends);
    }
}
