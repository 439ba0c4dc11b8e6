using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Polly.Timeout;

namespace AgentBudget;

/// <summary>Decides what becomes of the money set aside for a call that failed.</summary>
public static class FailedCalls
{
    // Nobody nests failures deeper, or retries more often, and looks at each of them.
    private const int MostLookedAt = 64;

    private static readonly string[] StatusNames = ["Status", "StatusCode"];

    // Keeps no type from being unloaded.
    private static readonly ConditionalWeakTable<Type, StrongBox<PropertyInfo?>> StatusProperties = [];

    /// <summary>
    /// The shipped policy. A time-out, a cancellation, a broken connection, an answer that cannot be read, or a status that something
    /// between caller and provider gave (408, 499, 502, 504, 520 to 527) leaves it open whether the call was billed, and so does an error
    /// behind an answer that was given (2xx): it counts as spent. Everything else, an error that the provider answered (other 4xx, 500,
    /// 503, 529) and an error of the caller's own code among it, gives the money back.
    /// </summary>
    /// <remarks>
    /// What SDKs wrap is looked for inside: in inner exceptions, in each attempt of an <see cref="AggregateException"/>, and by a number
    /// <c>Status</c> or <c>StatusCode</c> on the SDK's own exception, where 0 means that no answer came. One attempt that may have been
    /// billed decides for all.
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
            else if (next is AggregateException several)
                PushAll(left, several);
            else if (next.InnerException is { } inner)
                left.Push(inner);
            else if (StatusOf(next) == 0)
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
            HttpRequestException { StatusCode: { } status } => MayBeBilled((int)status),
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
            _ => StatusOf(exception) is > 0 and var status ? MayBeBilled(status) : null,
        };

    // What was answered with success was billed, though it could not be read.
    private static bool MayBeBilled(int status) => status is (>= 200 and <= 299) or 408 or 499 or 502 or 504 or (>= 520 and <= 527);

    // Every SDK has an exception of its own, and no assembly of theirs is referenced here.
    private static int? StatusOf(Exception exception)
    {
        var property = StatusProperties.GetValue(exception.GetType(), static type => new(FindStatus(type))).Value;
        try
        {
            return property?.GetValue(exception) switch
            {
                int number => number,
                HttpStatusCode code => (int)code,
                _ => null,
            };
        }
        catch (TargetInvocationException)
        {
            return null;
        }
    }

    private static PropertyInfo? FindStatus(Type type)
    {
        foreach (var name in StatusNames)
        {
            // The nearest one: a derived exception may say it anew.
            for (var declaring = type; declaring is not null && declaring != typeof(Exception); declaring = declaring.BaseType)
            {
                const BindingFlags own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly;
                if (declaring.GetProperty(name, own) is { CanRead: true } found && IsStatus(found))
                    return found;
            }
        }

        return null;
    }

    private static bool IsStatus(PropertyInfo property) =>
        property.GetIndexParameters().Length == 0
        && (Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType) is var type
        && (type == typeof(int) || type == typeof(HttpStatusCode));
}
