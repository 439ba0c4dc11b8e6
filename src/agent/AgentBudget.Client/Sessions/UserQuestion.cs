namespace AgentBudget.Client.Sessions;

/// <summary>Something that the program's own code is asked on a thread of the pool.</summary>
internal interface IUserQuestion : IThreadPoolWorkItem
{
    /// <summary>When it was asked, as a timestamp of the client's clock; 0 once it has been answered.</summary>
    long Began { get; set; }

    /// <summary>It has not come back in time.</summary>
    void GiveUp();
}

/// <summary>A question with its answer. What waits for the answer goes on where it was given.</summary>
/// <param name="name">What is asked, for people.</param>
internal abstract class UserQuestion<T>(string name) : TaskCompletionSource<T>, IUserQuestion
{
    private readonly ExecutionContext? flow = ExecutionContext.Capture();
    private Action<IUserQuestion>? answered;

    public long Began { get; set; }

    /// <summary>Who is told when it has come back.</summary>
    public void Then(Action<IUserQuestion> told) => answered = told;

    public void Execute()
    {
        if (flow is null)
            AskHere();
        else
            ExecutionContext.Run(flow, static question => ((UserQuestion<T>)question!).AskHere(), this);
    }

    public void GiveUp() => TrySetException(new TimeoutException($"{name} did not come back within {UserCode.Patience}."));

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
            answered?.Invoke(this);
            TrySetException(exception);
            return;
        }

        answered?.Invoke(this);
        TrySetResult(said);
    }
}
