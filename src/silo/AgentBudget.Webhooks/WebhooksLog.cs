using Microsoft.Extensions.Logging;

namespace AgentBudget.Webhooks;

/// <summary>What webhooks log. Ids 1700 to 1799. Endpoints by their ids: no addresses, secrets, tenants or session ids.</summary>
internal static partial class WebhooksLog
{
    [LoggerMessage(1700, LogLevel.Warning, "Events could not be read or written down for the webhook {Endpoint}; it is tried again.")]
    public static partial void StepFailed(ILogger logger, Exception exception, string endpoint);

    [LoggerMessage(
        1701,
        LogLevel.Error,
        "The webhook {Endpoint} is disabled: {Reason}. What comes is kept; mend the receiver and resume it."
    )]
    public static partial void Disabled(ILogger logger, string endpoint, string reason);

    [LoggerMessage(
        1702,
        LogLevel.Error,
        "The webhook {Endpoint} took an event of the type {Type} with none of all attempts; a replay from before {At:u} posts it again."
    )]
    public static partial void GivenUp(ILogger logger, string endpoint, string type, DateTimeOffset at);

    [LoggerMessage(
        1703,
        LogLevel.Error,
        "The webhook {Endpoint} has lost its place ({State}): it was at {Cursor}, and goes on from {Next}. Compare totals with reports."
    )]
    public static partial void CursorLost(ILogger logger, string endpoint, EventCursorState state, string cursor, string next);

    [LoggerMessage(
        1704,
        LogLevel.Error,
        "The webhook {Endpoint} cannot be posted to, and is looked at again soon; its secret or its address cannot be used."
    )]
    public static partial void CannotStart(ILogger logger, Exception exception, string endpoint);

    [LoggerMessage(1705, LogLevel.Warning, "Webhooks could not be looked for; it is tried again soon.")]
    public static partial void WakeFailed(ILogger logger, Exception exception);

    [LoggerMessage(1706, LogLevel.Warning, "The webhook {Endpoint} takes nothing; attempts go on by its schedule.")]
    public static partial void Failing(ILogger logger, string endpoint);

    [LoggerMessage(1707, LogLevel.Information, "The webhook {Endpoint} takes events again.")]
    public static partial void Recovered(ILogger logger, string endpoint);

    [LoggerMessage(
        1708,
        LogLevel.Error,
        "So much waits for the webhook {Endpoint} that it gets nothing new: {Waiting} events that it did not take. What comes stays in the "
            + "feed; mend the receiver, or raise AgentBudget:Webhooks:MaxWaiting."
    )]
    public static partial void Full(ILogger logger, string endpoint, int waiting);
}
