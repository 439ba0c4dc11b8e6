using AgentBudget.Client.Calls;
using AgentBudget.Client.Sessions;
using Microsoft.Extensions.Logging;

namespace AgentBudget.Http.Responses;

/// <summary>What a response is to the call that it answers.</summary>
internal enum WatchedAs
{
    /// <summary>All of it in one piece.</summary>
    Whole,

    /// <summary>A stream, which ends where its reader goes away, as far as the price table says so.</summary>
    Stream,

    /// <summary>A stream of what is made in the background, and goes on whoever reads it.</summary>
    Background,

    /// <summary>A look at what is made in the background, by a request of its own.</summary>
    Look,
}

/// <summary>
/// Reads a response as it passes, and ends its call: settled when the usage is complete, or at the end of the bytes, or as one that was
/// cut. What was answered reaches its reader whatever becomes of the settlement.
/// </summary>
/// <remarks>SDKs that are cancelled between a response and its first byte forget it, and dispose nothing: then this is finalized, closes
/// the connection, on which the model may go on, and ends the call.</remarks>
/// <param name="content">The content of the response.</param>
/// <param name="money">The money of the call.</param>
/// <param name="wrapped">The call that the program has wrapped around it, where that has other money; it hears what was paid.</param>
/// <param name="origin">What is known of the response beforehand.</param>
/// <param name="watchedAs">What the response is to the call.</param>
/// <param name="logger">Told what could not be settled.</param>
/// <param name="lookedAt">The id of the response that is looked at; null where none is.</param>
internal sealed class ResponseWatch(
    HttpContent content,
    BudgetedCall money,
    CallAttempts? wrapped,
    ResponseOrigin origin,
    WatchedAs watchedAs,
    ILogger logger,
    string? lookedAt = null
)
{
    private readonly Lock gate = new();

    // Lent until its end: whoever takes it ends the call.
    private ResponseReader? reader = ResponseReaders.Lend(origin);

    ~ResponseWatch()
    {
        if (reader is not null)
            ThreadPool.UnsafeQueueUserWorkItem(static watch => _ = watch.AbandonAsync(), this, preferLocal: false);
    }

    /// <summary>Fires when the session is paused or ends, for a stream; otherwise never.</summary>
    public CancellationToken CutToken => watchedAs == WatchedAs.Stream ? money.CutToken : CancellationToken.None;

    /// <summary>Takes the next bytes.</summary>
    /// <returns>Whether they complete the usage, so that they wait for the settlement.</returns>
    public bool Completes(ReadOnlySpan<byte> bytes)
    {
        lock (gate)
        {
            reader?.Append(bytes);
            return reader is { IsFinal: true };
        }
    }

    /// <summary>Settles by what was said. Nothing happens where the call has ended already.</summary>
    public ValueTask SettleAsync()
    {
        if (TakeEnd() is not { } seen)
            return ValueTask.CompletedTask;
        if (watchedAs == WatchedAs.Look)
        {
            // Another document, or nothing new.
            if (seen.ResponseId != lookedAt || seen.IsPending)
                return ValueTask.CompletedTask;
            PendingCalls.Take(lookedAt);
        }
        else if (seen.IsPending)
        {
            if (PendingCalls.TryKeepOpen(seen.ResponseId, money))
                return ValueTask.CompletedTask;
            HttpLog.NotKept(logger);
        }

        if (seen is { ResponseId: { } id, Usage: { } usage })
            KeptResponses.Remember(id, usage.Input + usage.Output);
        if (watchedAs != WatchedAs.Stream)
            return WaitAsync(seen, money.SettleAsync(ActualCost.Of(seen)));
        return seen.IsStopped || seen.Completeness == UsageCompleteness.Final
            ? WaitAsync(seen, money.SettleStreamAsync(seen))
            : WaitAsync(seen, money.FailAsync(Ended, seen, isBegun: true));
    }

    private ValueTask WaitAsync(ResponseUsage seen, Task end) =>
        Settlement.WaitAsync(wrapped is null ? end : TellAsync(seen, end, wrapped), logger);

    private async Task TellAsync(ResponseUsage seen, Task end, CallAttempts of)
    {
        await end;
        // A policy can have kept it open.
        if (money.Answer is { } answer)
            of.AnsweredElsewhere(seen.ResponseId, answer.Amount);
    }

    // Whoever ended it in the middle, it was not here: something in between can have lost the rest, of which the provider knows nothing.
    private static HttpIOException Ended => new(HttpRequestError.ResponseEnded, "The stream ended before its end.");

    /// <summary>Ends a call whose response was cut: it is broken off, and counts as far as is known.</summary>
    public Task CutAsync(Exception failure)
    {
        if (TakeEnd() is not { } seen || watchedAs == WatchedAs.Look)
            return Task.CompletedTask;
        Connection.BreakOff(content);
        // Only of a stream it can be said what was used until the cut, and only where going away stops it.
        return Settlement.WaitAsync(money.FailAsync(failure, watchedAs == WatchedAs.Stream ? seen : null), logger).AsTask();
    }

    /// <summary>Its reader is done with it: a call that has no end yet is cut.</summary>
    public Task AbandonAsync()
    {
        if (watchedAs != WatchedAs.Look && !IsEnded)
            return CutAsync(new OperationCanceledException("The response was not read to its end."));
        content.Dispose();
        return Task.CompletedTask;
    }

    /// <summary>Says what cut a stream, where that was the session's pause or end.</summary>
    public void ThrowIfCut(Exception failure, CancellationToken cancellationToken) => money.ThrowIfCut(failure, cancellationToken);

    private bool IsEnded
    {
        get
        {
            lock (gate)
                return reader is null;
        }
    }

    // What was said, for the one who ends the call; null for who comes later.
    private ResponseUsage? TakeEnd()
    {
        ResponseReader lent;
        lock (gate)
        {
            if (reader is null)
                return null;
            (lent, reader) = (reader, null);
        }

#pragma warning disable CA1816 // Its end is what it would be finalized for.
        GC.SuppressFinalize(this);
#pragma warning restore CA1816
        var seen = lent.Usage;
        ResponseReaders.GiveBack(lent);
        return seen;
    }
}
