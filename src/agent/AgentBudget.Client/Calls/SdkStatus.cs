using System.Net;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace AgentBudget.Client.Calls;

/// <summary>Reads the status off the exceptions of SDKs: every SDK has one of its own, and no assembly of theirs is referenced
/// here.</summary>
internal static class SdkStatus
{
    private static readonly string[] Names = ["Status", "StatusCode"];

    // Of gRPC, what a server answered that has done nothing. Every other is said by who did not hear it out, or says nothing of it.
    private static readonly HashSet<string> Answered = new(StringComparer.Ordinal)
    {
        "InvalidArgument",
        "NotFound",
        "AlreadyExists",
        "PermissionDenied",
        "Unauthenticated",
        "FailedPrecondition",
        "OutOfRange",
        "Unimplemented",
        "ResourceExhausted",
    };

    // Keeps no type from being unloaded.
    private static readonly ConditionalWeakTable<Type, StrongBox<PropertyInfo?>> Properties = [];

    /// <summary>Whether a call may have been billed that was answered with this status of HTTP.</summary>
    /// <remarks>What was answered with success was billed, though it could not be read.</remarks>
    public static bool MayBeBilled(int status) => status is (>= 200 and <= 299) or 408 or 499 or 502 or 504 or (>= 520 and <= 527);

    /// <summary>Whether the call may have been billed; null where the exception has no status, or one that says that no answer
    /// came.</summary>
    public static bool? MayBeBilled(Exception exception)
    {
        var property = Properties.GetValue(exception.GetType(), static type => new(Find(type))).Value;
        try
        {
            return property?.GetValue(exception) switch
            {
                int and <= 0 => null,
                int number => MayBeBilled(number),
                HttpStatusCode code => MayBeBilled((int)code),
                Enum code => !Answered.Contains($"{code}"),
                _ => null,
            };
        }
        catch (TargetInvocationException)
        {
            return null;
        }
    }

    private static PropertyInfo? Find(Type type)
    {
        foreach (var name in Names)
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
        && (type == typeof(int) || type == typeof(HttpStatusCode) || IsOfGrpc(type));

    // Grpc.Core.StatusCode, wherever it comes from.
    private static bool IsOfGrpc(Type type) => type is { IsEnum: true, Name: "StatusCode" } && Enum.IsDefined(type, "DeadlineExceeded");
}
