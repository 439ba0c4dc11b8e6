using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Polly.Timeout;

namespace AgentBudget;

/// <summary>What becomes of the money set aside for a call that failed.</summary>
public enum FailedCall
{
    /// <summary>It goes back: the provider cannot have billed.</summary>
    Release = 0,

    /// <summary>All of it counts as spent: the provider may have billed, and nobody knows how much.</summary>
    SettleReserved = 1,
}

/// <summary>Decides what becomes of the money set aside for a call that failed.</summary>
public static class FailedCalls
{
    // Nobody nests failures deeper, or retries more often, and looks at each of them.
    private const int MostLookedAt = 64;

    /// <summary>
    /// The shipped policy. A time-out, a cancellation, a broken connection, an answer that cannot be read, or a status that something
    /// between caller and provider gave (408, 499, 502, 504, 520 to 527) leaves it open whether the call was billed, so it counts as
    /// spent. Everything else, an error that the provider answered (4xx, 500, 503, 529) and an error of the caller's own code among it,
    /// gives the money back.
    /// </summary>
    /// <remarks>
    /// What SDKs wrap is looked for inside: in inner exceptions, in each attempt of an <see cref="AggregateException"/>, and by a number
    /// <c>Status</c> or <c>StatusCode</c> on the SDK's own exception, where 0 means that no answer came. One attempt that may have been
    /// billed decides for all.
    /// </remarks>
    public static FailedCall Default(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        var left = new Stack<Exception>([exception]);
        for (var looked = 0; looked < MostLookedAt && left.TryPop(out var next); looked++)
        {
            if (MayBeBilled(next) is { } mayBe)
            {
                if (mayBe)
                    return FailedCall.SettleReserved;
                continue;
            }

            if (next is AggregateException several)
            {
                foreach (var one in several.InnerExceptions)
                    left.Push(one);
            }
            else if (next.InnerException is { } inner)
            {
                left.Push(inner);
            }
            else if (StatusOf(next) == 0)
            {
                return FailedCall.SettleReserved;
            }
        }

        return left.Count > 0 ? FailedCall.SettleReserved : FailedCall.Release;
    }

    // Null where the exception itself does not say.
    private static bool? MayBeBilled(Exception exception) =>
        exception switch
        {
            HttpRequestException { StatusCode: { } status } => IsOfSomethingBetween((int)status),
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
            _ => StatusOf(exception) is > 0 and var status ? IsOfSomethingBetween(status) : null,
        };

    private static bool IsOfSomethingBetween(int status) => status is 408 or 499 or 502 or 504 or (>= 520 and <= 527);

    // Every SDK has an exception of its own, and no assembly of theirs is referenced here.
    private static int? StatusOf(Exception exception)
    {
        foreach (var name in (string[])["Status", "StatusCode"])
        {
            var value = exception.GetType().GetProperty(name)?.GetValue(exception);
            if (value is int number)
                return number;
            if (value is HttpStatusCode code)
                return (int)code;
        }

        return null;
    }
}
