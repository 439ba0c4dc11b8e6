using System.Net.Sockets;
using System.Text.Json;
using AgentBudget.Client.Calls;
using Polly.Timeout;

namespace AgentBudget;

/// <summary>Decides what becomes of the money set aside for a call that failed.</summary>
public static class FailedCalls
{
    // Nobody nests failures deeper, or retries more often, and looks at each of them.
    private const int MostLookedAt = 64;

    /// <summary>
    /// The shipped policy. The money goes back where the exception says that nothing can have been billed: an error that the provider
    /// answered (4xx but 408 and 499, 500, 503, 529; of gRPC what refuses a request), no connection, or an exception of this library that
    /// says that the call was not made. Everything else counts as spent: a time-out, a cancellation, a broken connection, a status that
    /// something between caller and provider gave (408, 499, 502, 504, 520 to 527), an answer that was given (2xx) and cannot be read, and
    /// whatever nobody can tell, an error of the program's own code among it, for it may have come behind the answer.
    /// </summary>
    /// <remarks>
    /// What SDKs wrap is looked for inside: in inner exceptions, in each attempt of an <see cref="AggregateException"/>, and by a number
    /// or a status of gRPC as <c>Status</c> or <c>StatusCode</c> on the SDK's own exception, where 0 means that no answer came. One attempt
    /// that may have been billed decides for all.
    /// </remarks>
    public static FailedCall Default(Exception exception) => Count(exception) > 0 ? FailedCall.SettleReserved : FailedCall.Release;

    /// <summary>How many attempts an exception tells of that may have been billed, by the same rules: each of them counts, so that a
    /// call whose retries all timed out costs as many times what was set aside. At least 1.</summary>
    /// <param name="exception">What the call threw.</param>
    public static int UnansweredAttempts(Exception exception) => Math.Max(Count(exception), 1);

    /// <summary>Whether a call was given up on this side, which closes its connection, so that a provider can notice: it was cancelled, or
    /// took too long. A connection that broke by itself is no such thing: whoever is behind it may go on for minutes.</summary>
    internal static bool IsGivenUpHere(Exception failure)
    {
        var next = failure;
        for (var looked = 0; next is not null && looked < MostLookedAt; looked++)
        {
            if (next is OperationCanceledException or TimeoutRejectedException)
                return true;
            if (next is IOException or HttpRequestException or SocketException)
                return false;
            next = next.InnerException;
        }

        return false;
    }

    private static int Count(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        var left = new Stack<Exception>([exception]);
        var unanswered = 0;
        for (var looked = 0; left.TryPop(out var next); looked++)
        {
            if (looked == MostLookedAt)
                return unanswered + 1;
            if (MayBeBilled(next) is { } mayBe)
                unanswered += mayBe ? 1 : 0;
            else if (next is AggregateException { InnerExceptions.Count: > 0 } several)
                PushAll(left, several);
            else if (next.InnerException is { } inner)
                left.Push(inner);
            else
                unanswered++;
        }

        return unanswered;
    }

    private static void PushAll(Stack<Exception> left, AggregateException several)
    {
        foreach (var one in several.InnerExceptions)
            left.Push(one);
    }

    // Null where the exception itself does not say.
    private static bool? MayBeBilled(Exception exception) =>
        exception switch
        {
            HttpRequestException { StatusCode: { } status } => SdkStatus.MayBeBilled((int)status),
            HttpRequestException
            {
                HttpRequestError: HttpRequestError.NameResolutionError
                    or HttpRequestError.ConnectionError
                    or HttpRequestError.SecureConnectionError
            } => false,
            HttpRequestException
            or IOException
            or TimeoutException
            or OperationCanceledException
            or SocketException
            or JsonException
            or TimeoutRejectedException => true,
            // A session that stops cuts calls that were made; a charge is refused when it is recorded.
            SessionStoppedException or RefusedException { IsRecorded: true } => true,
            RefusedException or ICallNotMade => false,
            _ => SdkStatus.MayBeBilled(exception),
        };
}
