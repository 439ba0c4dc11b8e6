using AgentBudget.Client.Sessions;

namespace AgentBudget.Client.Calls;

/// <summary>
/// A call whose money is set aside, and its one end: the first to begin it decides, and those who come later hear what became of that.
/// An end that did not reach the ledger can be begun again, and is then sent as it was, with its key.
/// </summary>
internal sealed class OpenCall(SessionLink link, CallEstimate estimate, AskedCall asked, CallPricing pricing, SessionAnswer granted)
{
    // Between two clocks, and for what a request to prolong it can do that is still on its way.
    private static readonly TimeSpan Doubt = TimeSpan.FromHours(1);

    private const int Open = 0;
    private const int Ending = 1;
    private const int Ended = 2;
    private const int Undelivering = 3;

    /// <summary>Its place with the keeper of calls that take long, who alone changes it.</summary>
    public KeptPlace Place;

    private int state;
    private Exception? failure;
    private StopWatcher? cut;
    private TaskCompletionSource<SessionAnswer>? waiting;
    private long grantedNanoDollars = granted.Amount.NanoDollars;
    private long prolongedUntil;

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

    /// <summary>Whether no handle of it reaches the program, so that nobody could end it later.</summary>
    public bool IsOutOfReach { get; set; }

    /// <summary>Whether its end waits to be sent again; theirs to change who send it.</summary>
    public bool IsLate { get; set; }

    public CallEnd End { get; private set; }

    /// <summary>The answer to its end; null as long as there is none.</summary>
    public SessionAnswer? Answer { get; private set; }

    /// <summary>The end that was decided and has not reached the ledger.</summary>
    public SessionCommand? Undelivered { get; private set; }

    /// <summary>The most completion tokens that the grant pays for; null where the estimate is a sum. One that has grown beyond what was
    /// estimated is not bound by the estimate's cap any more.</summary>
    public long? MaxOutputTokens => (Granted > asked.Amount ? estimate.CappedAt(null) : estimate).AffordedOutput(pricing, Granted);

    /// <summary>What cuts it while it is under way; watching begins when it is first asked for.</summary>
    public StopWatcher Cut
    {
        get
        {
            if (Volatile.Read(ref cut) is { } known)
                return known;
            var watch = link.Cut.OfNewCall();
            return Interlocked.CompareExchange(ref cut, watch, null) ?? watch;
        }
    }

    /// <summary>Whether its end has been begun, or is not this client's to make.</summary>
    public bool HasEnded => IsKeptOpen || Volatile.Read(ref state) is Ending or Ended;

    /// <summary>Whether nothing is set aside for it any more, for certain: it has ended, or has lived as long as anybody can have prolonged
    /// it.</summary>
    public bool HasGoneBack
    {
        get
        {
            if (Answer is not null)
                return true;
            var time = link.Time;
            var until = Math.Max(Began + Ticks(TimeToLive), Volatile.Read(ref prolongedUntil));
            return time.GetTimestamp() >= until + Ticks(Doubt) && time.GetUtcNow() >= ExpiresAt + Doubt;
        }
    }

    /// <summary>It was prolonged; or may have been, where nobody answered.</summary>
    public void Prolonged(TimeSpan timeToLive)
    {
        var until = link.Time.GetTimestamp() + Ticks(timeToLive);
        var seen = Volatile.Read(ref prolongedUntil);
        while (until > seen && Interlocked.CompareExchange(ref prolongedUntil, until, seen) is var other && other != seen)
            seen = other;
    }

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * link.Time.TimestampFrequency);

    /// <summary>Whether the caller is the one who ends it.</summary>
    public bool TryBeginEnd()
    {
        while (true)
        {
            var seen = Volatile.Read(ref state);
            if (seen is Ending or Ended)
                return false;
            if (Interlocked.CompareExchange(ref state, Ending, seen) == seen)
                return true;
        }
    }

    /// <summary>It has ended.</summary>
    public void EndedBy(CallEnd end, SessionAnswer answer)
    {
        (End, Answer, Undelivered) = (end, answer, null);
        Interlocked.Exchange(ref state, Ended);
        Tell();
    }

    /// <summary>Its end did not reach the ledger.</summary>
    /// <param name="command">The end; null where nothing was decided.</param>
    /// <param name="why">Why.</param>
    public void NotEnded(SessionCommand? command, Exception why)
    {
        (failure, Undelivered) = (why, command);
        Interlocked.Exchange(ref state, command is null ? Open : Undelivering);
        Tell();
    }

    /// <summary>What became of the end that somebody else has begun.</summary>
    public Task<SessionAnswer> WhenEndedAsync()
    {
        if (Volatile.Read(ref state) == Ended)
            return Task.FromResult(Answer!);
        var fresh = new TaskCompletionSource<SessionAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        var mine = Interlocked.CompareExchange(ref waiting, fresh, null) ?? fresh;
        // It may have come to its end just before somebody waited.
        if (Volatile.Read(ref state) != Ending)
            Tell();
        return mine.Task;
    }

    private void Tell()
    {
        if (Interlocked.Exchange(ref waiting, null) is not { } told)
            return;
        if (Answer is { } answer)
            told.TrySetResult(answer);
        else
            told.TrySetException(failure!);
    }

    /// <summary>More was set aside for it.</summary>
    public void GrewBy(Money amount) => Interlocked.Add(ref grantedNanoDollars, amount.NanoDollars);
}
