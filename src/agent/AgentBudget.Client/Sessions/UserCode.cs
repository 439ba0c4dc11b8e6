namespace AgentBudget.Client.Sessions;

/// <summary>
/// Runs what the program gave apart from the operation that asks it: money that was moved, the result of a call and the reason of a refusal
/// must not be lost because the program's own code throws or does not come back. One for all that a client asks: one timer looks after
/// those that have not come back.
/// </summary>
internal sealed class UserCode
{
    /// <summary>How long an operation waits for it. Long, because a process that is short of threads is slow as well.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TimeProvider time;
    private readonly Action<IUserQuestion> answered;
    private readonly Lock gate = new();
    private readonly HashSet<IUserQuestion> open = [];
    private ITimer? timer;
    private bool isTimed;

    public UserCode(TimeProvider time)
    {
        this.time = time;
        answered = Answered;
    }

    /// <summary>Asks, and waits for the answer.</summary>
    /// <exception cref="TimeoutException">It has not come back; it may go on, and what it says then counts for nothing.</exception>
    public Task<T> AskAsync<T>(Func<T> question, string name) => AskAsync(new AskedFunction<T>(question, name));

    /// <summary>Asks, and waits for the answer.</summary>
    /// <exception cref="TimeoutException">It has not come back; it may go on, and what it says then counts for nothing.</exception>
    public Task<T> AskAsync<T>(UserQuestion<T> question)
    {
        question.Began = time.GetTimestamp();
        question.Then(answered);
        lock (gate)
        {
            open.Add(question);
            if (!isTimed)
                SetTimer(Patience);
        }

        ThreadPool.UnsafeQueueUserWorkItem(question, preferLocal: true);
        return question.Task;
    }

    private void Answered(IUserQuestion question)
    {
        lock (gate)
            open.Remove(question);
    }

    // Under the gate. Nothing of the caller's flows into the timer.
    private void SetTimer(TimeSpan due)
    {
        isTimed = true;
        if (timer is null)
        {
            using var flow = ExecutionContext.SuppressFlow();
            timer = time.CreateTimer(static code => ((UserCode)code!).Tick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        timer.Change(due, Timeout.InfiniteTimeSpan);
    }

    private void Tick()
    {
        List<IUserQuestion> late = [];
        lock (gate)
        {
            var oldest = TimeSpan.Zero;
            foreach (var question in open)
            {
                var age = time.GetElapsedTime(question.Began);
                if (age >= Patience)
                    late.Add(question);
                else if (age > oldest)
                    oldest = age;
            }

            isTimed = false;
            if (open.Count > late.Count)
                SetTimer(Patience - oldest);
        }

        foreach (var question in late)
        {
            Answered(question);
            question.GiveUp();
        }
    }

    private sealed class AskedFunction<T>(Func<T> question, string name) : UserQuestion<T>(name)
    {
        protected override T Ask() => question();
    }
}
