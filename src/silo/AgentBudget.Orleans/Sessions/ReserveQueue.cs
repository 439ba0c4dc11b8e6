using AgentBudget.Ledger;
using AgentBudget.Ledger.Lines;

namespace AgentBudget.Orleans.Sessions;

/// <summary>
/// Answers calls that wait for money of a session. The line itself, and who may pass whom, is the ledger's; here callers wait, and are
/// woken by the turns that may have freed something. Runs on the session's scheduler.
/// </summary>
/// <param name="end">How the activation ends.</param>
/// <param name="services">The silo's clock, and its stop.</param>
internal sealed class ReserveQueue(ActivationEnd end, SessionServices services)
{
    /// <summary>The longest piece of a wait: answers come within the time-out of a call that waits.</summary>
    private static readonly TimeSpan LongestPiece = TimeSpan.FromSeconds(20);

    private readonly Dictionary<string, Arrival> arrivals = new(StringComparer.Ordinal);
    private TaskCompletionSource? joined;

    /// <summary>Ends when a call begins to wait next: it may lack money that the parent has to be asked for.</summary>
    public Task Joined => (joined ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    private bool isServing;
    private bool mustServeAgain;

    /// <summary>Checks a call that may wait.</summary>
    /// <exception cref="ArgumentException">It cannot.</exception>
    public static void EnsureMayWait(ReserveCommand command, TimeSpan atMost)
    {
        if (command.Key is null)
            throw new ArgumentException("A reservation that waits needs a key, which its place in the line belongs to; set Key.");
        if (atMost < TimeSpan.Zero || atMost > LongestPiece)
            throw new ArgumentException($"The wait is {atMost}; it must be from zero to {LongestPiece}, and can be asked for again.");
    }

    /// <summary>A call has come, and may be given up before it has a place: while its session is loaded, or its key is looked up.</summary>
    public Arrival Arrive(string key)
    {
        if (!arrivals.TryGetValue(key, out var arrival))
            arrivals[key] = arrival = new Arrival(arrivals, key);
        arrival.Count++;
        return arrival;
    }

    /// <summary>Sets money aside, at once or when it has come free; the answer says whether the call waits on.</summary>
    /// <exception cref="BudgetUnavailableException">Whether it was recorded is unknown, or it was not.</exception>
    public async Task<WaitedAnswer> ReserveAsync(ActiveSession session, ReserveCommand command, TimeSpan atMost, bool isAgain)
    {
        while (true)
        {
            if (session.Ledger.Line?.Find(command.Key!, session.Now()) is not { } waiting)
            {
                var decided = session.NeedsLookUp(command)
                    ? await session.LookUpAndDecideAsync(command, admission: null, mayWait: true)
                    : session.Decide(command, LookUps.None, mayWait: true);
                // It was looked up, or is said to be fresh: what stands by now under a key like it has another one. Serving others may
                // write it.
                var keyIsFreeThrough = session.Ledger.Head.Sequence;
                Serve(session);
                if (!MayWait(decided.Answer))
                {
                    await decided.Durable;
                    return new WaitedAnswer { Answer = decided.Answer };
                }

                // It was sent twice, and the other one has joined while this one looked its key up.
                if (session.Ledger.Line?.Find(command.Key) is not null)
                    continue;
                if (arrivals.GetValueOrDefault(command.Key!) is { IsGivenUp: true })
                    return await WhenDurableAsync(RefuseForNow(session));
                if (session.Ledger.Wait(command, session.Now()) is not { } joined)
                    return await WhenDurableAsync(Refuse(session, RefusalReason.TooManyWaiting, ReserveRules.RetryAfter));
                joined.KeyIsFreeThrough = keyIsFreeThrough;
                waiting = joined;
            }
            else if (waiting.BodyHash != command.HashBody())
            {
                return await WhenDurableAsync(Refuse(session, RefusalReason.KeyConflict, retryAfter: null));
            }
            else
            {
                isAgain = false;
            }

            if (await WaitAsync(session, waiting, atMost) is { } answer)
                return answer with { HasLostPlace = isAgain };
            // What its key stands for has to be looked up by now.
        }
    }

    /// <summary>A turn is over, which may have freed money: those whose turn has come are asked for again, without an await.</summary>
    public void Serve(ActiveSession session)
    {
        if (session.Ledger.Line is not { Calls.Count: > 0 } line)
            return;
        mustServeAgain = true;
        if (isServing)
            return;
        isServing = true;
        try
        {
            while (mustServeAgain)
            {
                mustServeAgain = false;
                foreach (var waiting in session.Ledger.NextInLine(session.Now()))
                    mustServeAgain |= TryServe(session, line, waiting);
            }
        }
        catch (BudgetUnavailableException)
        {
            // The writer's queue is full, or the session is about to be loaded anew: they are asked for by the next turn, or not here.
        }
        finally
        {
            isServing = false;
        }
    }

    private static bool TryServe(ActiveSession session, ReserveLine line, WaitingCall waiting)
    {
        // Nobody is there to use it: its caller has gone, or is about to ask for the next piece.
        if (CallerOf(waiting) is not { Count: > 0 })
            return false;
        var command = waiting.Command with { IsKeyFresh = true };
        if (session.NeedsLookUp(command, waiting.KeyIsFreeThrough))
        {
            line.Remove(waiting);
            CallerOf(waiting)?.TrySetResult(null);
            return false;
        }

        var decided = session.Decide(command, LookUps.None, mayWait: true);
        if (MayWait(decided.Answer))
            return false;
        line.Remove(waiting);
        CallerOf(waiting)?.TrySetResult(decided);
        return true;
    }

    // Null: it is to be asked for from the beginning.
    private async Task<WaitedAnswer?> WaitAsync(ActiveSession session, WaitingCall waiting, TimeSpan atMost)
    {
        var caller = CallerOf(waiting) ?? new Caller();
        (waiting.Caller, waiting.KeptUntil) = (caller, DateTimeOffset.MaxValue);
        caller.Count++;
        // What came free while nobody was there is there now.
        Serve(session);
        joined?.TrySetResult();
        joined = null;
        try
        {
            // Who only takes a place comes for the answer later.
            if (atMost > TimeSpan.Zero)
                await Task.WhenAny(caller.Task, end.Begun, services.Stopping).WaitAsync(atMost, services.Time);
        }
        catch (TimeoutException) { }
        finally
        {
            // Whoever waits in pieces is back soon.
            if (--caller.Count == 0)
                waiting.KeptUntil = session.Now() + ReserveLine.PlaceIsKept;
        }

        if (!caller.Task.IsCompleted)
        {
            var notYet = session.Ledger.Refuse(RefusalReason.InsufficientNow, ReserveRules.RetryAfter);
            return await WhenDurableAsync(Decided.Refused(notYet, session.WhenDurableAsync())) with { IsWaiting = true };
        }

        return await caller.Task is { } decided ? await WhenDurableAsync(decided) : null;
    }

    private static Decided RefuseForNow(ActiveSession session) => Refuse(session, RefusalReason.InsufficientNow, ReserveRules.RetryAfter);

    // A refusal says where the session stands, which may not be durable yet.
    private static Decided Refuse(ActiveSession session, RefusalReason reason, TimeSpan? retryAfter) =>
        Decided.Refused(session.Refuse(reason, retryAfter), session.WhenDurableAsync());

    private static async Task<WaitedAnswer> WhenDurableAsync(Decided decided)
    {
        await decided.Durable;
        return new WaitedAnswer { Answer = decided.Answer };
    }

    /// <summary>A call is given up by its caller: those behind it may be next.</summary>
    public void Stop(ActiveSession? session, string key)
    {
        if (arrivals.TryGetValue(key, out var arrival))
            arrival.IsGivenUp = true;
        if (session?.Ledger.Line is not { } line || line.Find(key) is not { } waiting)
            return;
        line.Remove(waiting);
        CallerOf(waiting)?.TrySetResult(RefuseForNow(session));
        Serve(session);
    }

    /// <summary>Those who wait here wait no more: what was decided cannot be trusted.</summary>
    public static void Fail(ActiveSession session, Exception cause)
    {
        foreach (var waiting in session.Ledger.Line?.Calls ?? [])
        {
            if (CallerOf(waiting) is not { } caller)
                continue;
            caller.TrySetException(cause);
            caller.Task.Ignore();
        }
    }

    private static Caller? CallerOf(WaitingCall waiting) => waiting.Caller as Caller;

    /// <summary>Whether a call that waits goes on to wait by this answer.</summary>
    public static bool MayWait(SessionAnswer answer) => answer.Refusal is { Reason: RefusalReason.InsufficientNow };

    private sealed class Caller() : TaskCompletionSource<Decided?>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public int Count { get; set; }
    }

    /// <summary>Calls under one key that have come and have not been answered.</summary>
    public sealed class Arrival(Dictionary<string, Arrival> all, string key) : IDisposable
    {
        public int Count { get; set; }

        public bool IsGivenUp { get; set; }

        public void Dispose()
        {
            if (--Count == 0)
                all.Remove(key);
        }
    }
}
