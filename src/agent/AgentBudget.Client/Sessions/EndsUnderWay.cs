using AgentBudget.Client.Calls;

namespace AgentBudget.Client.Sessions;

/// <summary>Ends of calls that are on their way to the ledger, of one session: its report and its close wait for them.</summary>
internal sealed class EndsUnderWay
{
    private readonly Lock gate = new();
    private readonly HashSet<OpenCall> calls = [];

    public void Add(OpenCall call)
    {
        lock (gate)
            calls.Add(call);
    }

    public void Remove(OpenCall call)
    {
        lock (gate)
            calls.Remove(call);
    }

    /// <summary>Ends when those that are under way now have arrived, or have failed, which is told elsewhere.</summary>
    public async Task WhenOverAsync(CancellationToken cancellationToken)
    {
        OpenCall[] underWay;
        lock (gate)
        {
            if (calls.Count == 0)
                return;
            underWay = [.. calls];
        }

        foreach (var call in underWay)
            await ((Task)call.WhenEndedAsync()).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
    }
}
