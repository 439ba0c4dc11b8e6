namespace AgentBudget.Client.Sessions;

/// <summary>Something that the program's own code is asked on a thread of the pool.</summary>
internal abstract class UserQuestion : IThreadPoolWorkItem
{
    /// <summary>When it was asked, as a timestamp of the client's clock.</summary>
    public long Began { get; set; }

    /// <summary>Asks.</summary>
    public abstract void Execute();

    /// <summary>It has not come back in time.</summary>
    public abstract void GiveUp();
}

/// <summary>A question with its answer. What waits for the answer goes on where it was given.</summary>
/// <param name="name">What is asked, for people.</param>
internal abstract class UserQuestion<T>(string name) : UserQuestion
{
    private readonly TaskCompletionSource<T> answer = new();
    private readonly ExecutionContext? flow = ExecutionContext.Capture();

    public Task<T> Task => answer.Task;

    public override void Execute()
    {
        if (flow is null)
            AskHere();
        else
            ExecutionContext.Run(flow, static question => ((UserQuestion<T>)question!).AskHere(), this);
    }

    public override void GiveUp() => answer.TrySetException(new TimeoutException($"{name} did not come back within {UserCode.Patience}."));

    protected abstract T Ask();

    private void AskHere()
    {
        T said;
        try
        {
            said = Ask();
        }
        catch (Exception exception)
        {
            answer.TrySetException(exception);
            return;
        }

        answer.TrySetResult(said);
    }
}
