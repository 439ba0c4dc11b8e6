using AgentBudget.Client.Sessions;

namespace AgentBudget.Client.Calls;

/// <summary>
/// A call whose money is set aside, and its one end: the first to begin it decides, and those who come later hear what became of that.
/// An end that did not reach the ledger can be begun again, and is then sent as it was, with its key.
/// </summary>
internal sealed class OpenCall(SessionLink link, CallEstimate estimate, AskedCall asked, CallPricing pricing, SessionAnswer granted)
{
    private enum State
    {
        Open,
        Ending,
        Ended,
        Undelivered,
    }

    /// <summary>Its place with the keeper of calls that take long, who alone changes it.</summary>
    public KeptPlace Place;

    private readonly Lock gate = new();
    private State state;
    private StopWatcher? cut;
    private TaskCompletionSource<SessionAnswer>? waiting;
    private long grantedNanoDollars = granted.Amount.NanoDollars;

    public SessionLink Link => link;

    public CallEstimate Estimate => estimate;

    public AskedCall Asked => asked;

    public CallPricing Pricing => pricing;

    /// <summary>The grant. What it says of the time is as it was then.</summary>
    public SessionAnswer Grant => granted;

    /// <summary>The call as it was priced and labelled.</summary>
    public Call Call => asked.Call;

    public long ReservationId => granted.ReservationId;

    /// <summary>What is set aside.</summary>
    public Money Granted => Money.FromNanoDollars(Volatile.Read(ref grantedNanoDollars));

    /// <summary>What was asked for, or what is set aside where that has grown beyond it.</summary>
    public Money Requested => Money.Max(asked.Amount, Granted);

    /// <summary>When it goes back by itself, by the ledger's clock.</summary>
    public DateTimeOffset ExpiresAt { get; set; } = granted.ExpiresAt ?? default;

    /// <summary>When it was granted, by the client's clock.</summary>
    public required long Began { get; init; }

    public required TimeSpan TimeToLive { get; init; }

    /// <summary>Whether it is the session's last call.</summary>
    public bool IsFinal { get; init; }

    /// <summary>Whether it is not to be settled when its handle is disposed.</summary>
    public bool IsKeptOpen { get; set; }

    public CallEnd End { get; private set; }

    /// <summary>The answer to its end; null as long as there is none.</summary>
    public SessionAnswer? Answer { get; private set; }

    /// <summary>The end that was decided and has not reached the ledger.</summary>
    public SessionCommand? Undelivered { get; private set; }

    /// <summary>The most completion tokens that the grant pays for; null where the estimate is a sum.</summary>
    public long? MaxOutputTokens => estimate.AffordedOutput(pricing, Granted);

    /// <summary>What cuts it while it is under way; watching begins when it is first asked for.</summary>
    public StopWatcher Cut => LazyInitializer.EnsureInitialized(ref cut, link.Cut.OfNewCall);

    /// <summary>Whether its end has been begun, or is not this client's to make.</summary>
    public bool HasEnded
    {
        get
        {
            lock (gate)
                return IsKeptOpen || state is State.Ending or State.Ended;
        }
    }

    /// <summary>Whether the caller is the one who ends it.</summary>
    public bool TryBeginEnd()
    {
        lock (gate)
        {
            if (state is State.Ending or State.Ended)
                return false;
            state = State.Ending;
            return true;
        }
    }

    /// <summary>It has ended.</summary>
    public void EndedBy(CallEnd end, SessionAnswer answer)
    {
        lock (gate)
            (state, End, Answer, Undelivered) = (State.Ended, end, answer, null);
        waiting?.TrySetResult(answer);
    }

    /// <summary>Its end did not reach the ledger.</summary>
    /// <param name="command">The end; null where nothing was decided.</param>
    /// <param name="failure">Why.</param>
    public void NotEnded(SessionCommand? command, Exception failure)
    {
        TaskCompletionSource<SessionAnswer>? told;
        lock (gate)
        {
            (state, Undelivered) = (command is null ? State.Open : State.Undelivered, command);
            (told, waiting) = (waiting, null);
        }

        told?.TrySetException(failure);
    }

    /// <summary>What became of the end that somebody else has begun.</summary>
    public Task<SessionAnswer> WhenEndedAsync()
    {
        lock (gate)
        {
            if (state == State.Ended)
                return Task.FromResult(Answer!);
            return (waiting ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    /// <summary>More was set aside for it.</summary>
    public void GrewBy(Money amount) => Interlocked.Add(ref grantedNanoDollars, amount.NanoDollars);
}
