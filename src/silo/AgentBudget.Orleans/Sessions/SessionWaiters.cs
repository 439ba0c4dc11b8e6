namespace AgentBudget.Orleans.Sessions;

/// <summary>Callers who wait for something of one session: its stop, its parent's answer, money. Most sessions have none.</summary>
/// <param name="end">How the activation ends.</param>
/// <param name="services">The silo's clock, and its stop.</param>
internal sealed class SessionWaiters(ActivationEnd end, SessionServices services)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(25);

    private TaskCompletionSource? stopped;
    private TaskCompletionSource? cut;
    private TaskCompletionSource? parentAnswered;
    private TaskCompletionSource? heard;

    /// <summary>Those who wait for money.</summary>
    public ReserveQueue Queue { get; } = new(end, services);

    /// <summary>Ends when the session has stopped, when its activation ends, or after a while.</summary>
    public Task WhenStoppedAsync(TimeSpan atMost) => WaitAsync(ref stopped, atMost);

    /// <summary>The same for calls under way, when they are to be cut.</summary>
    public Task WhenCutAsync(TimeSpan atMost) => WaitAsync(ref cut, atMost);

    /// <summary>Ends when the parent has answered what it was asked for, when the activation ends, or after a while.</summary>
    public Task WhenParentAnsweredAsync(TimeSpan atMost) => WaitAsync(ref parentAnswered, atMost);

    /// <summary>Ends when another ledger has said something next.</summary>
    public Task NextHeard => (heard ??= NewSignal()).Task;

    /// <summary>Another ledger has said something, and what came of it is durable.</summary>
    public void HasHeard() => Take(ref heard);

    /// <summary>The parent has answered what it was asked for.</summary>
    public void ParentHasAnswered() => Take(ref parentAnswered);

    /// <summary>A turn is over, and durable.</summary>
    public void See(ActiveSession current)
    {
        if (stopped is not null && IsStopped(current.Ledger))
            Take(ref stopped);
        if (cut is not null && IsCut(current.Ledger))
            Take(ref cut);
        if (parentAnswered is not null && !current.Ledger.AwaitsParent)
            Take(ref parentAnswered);
    }

    /// <summary>Whether a session has stopped: its breaker is not closed, unless it only observes, or it has ended.</summary>
    public static bool IsStopped(SessionLedger ledger)
    {
        var standing = ledger.Head.Standing;
        if (standing.IsEnded)
            return true;
        var isObserving = ledger.Head.Options?.Mode == SessionMode.Observe;
        return !isObserving && standing.Breaker.State != BreakerState.Closed;
    }

    /// <summary>Whether calls under way are to be cut: it is paused, unless it only observes, or has ended. An open breaker takes no money
    /// back that was granted.</summary>
    public static bool IsCut(SessionLedger ledger)
    {
        var standing = ledger.Head.Standing;
        var isObserving = ledger.Head.Options?.Mode == SessionMode.Observe;
        return standing.IsEnded || (!isObserving && standing.Breaker.State == BreakerState.Paused);
    }

    /// <summary>A time to wait for.</summary>
    /// <exception cref="ArgumentException">It is out of its range.</exception>
    public static TimeSpan Checked(TimeSpan atMost) =>
        atMost >= TimeSpan.Zero && atMost <= LongestWait
            ? atMost
            : throw new ArgumentException($"The wait is {atMost}; it must be from zero to {LongestWait}.");

    private static void Take(ref TaskCompletionSource? signal)
    {
        signal?.TrySetResult();
        signal = null;
    }

    private Task WaitAsync(ref TaskCompletionSource? signal, TimeSpan atMost)
    {
        signal ??= NewSignal();
        return WaitAsync(signal.Task, atMost);
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task WaitAsync(Task signal, TimeSpan atMost)
    {
        try
        {
            await Task.WhenAny(signal, end.Begun, services.Stopping).WaitAsync(atMost, services.Time);
        }
        catch (TimeoutException) { }
    }
}
