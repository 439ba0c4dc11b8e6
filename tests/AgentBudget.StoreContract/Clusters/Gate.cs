namespace AgentBudget.StoreContract.Clusters;

/// <summary>Holds whoever comes until it is opened, and says when somebody has come: the barrier between two phases of a test.</summary>
public sealed class Gate
{
    private readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when somebody stands before the gate.</summary>
    public Task ReachedAsync() => reached.Task.InTimeAsync();

    public void Open() => opened.TrySetResult();

    /// <summary>Ends when the gate is open.</summary>
    public Task PassAsync()
    {
        reached.TrySetResult();
        return opened.Task;
    }
}
