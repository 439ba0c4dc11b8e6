using Microsoft.Extensions.Logging;

namespace AgentBudget.Client;

/// <summary>What the client logs. Ids 1400 to 1499. No session ids: they may name customers.</summary>
internal static partial class ClientLog
{
    public static void Reloaded(ILogger logger, PriceReload reload)
    {
        if (reload.IsTaken)
            PricesTaken(logger, reload.Version);
        else
            PricesKept(logger, string.Join(" ", reload.Problems), reload.Version);
    }

    [LoggerMessage(1400, LogLevel.Error, "The callback {Callback} failed; the operation that it was told of stands as it is.")]
    public static partial void CallbackFailed(ILogger logger, Exception exception, string callback);

    [LoggerMessage(
        1401,
        LogLevel.Warning,
        "A limit was met, and the report that its callback is called with cannot be had; the callback is left out."
    )]
    public static partial void CallbackLeftOut(ILogger logger, Exception exception);

    [LoggerMessage(1402, LogLevel.Error, "OnFailedCall failed; all that was set aside for the failed call counts as spent.")]
    public static partial void FailedCallPolicyFailed(ILogger logger, Exception exception);

    [LoggerMessage(1406, LogLevel.Error, "What a cut stream can have used has no price; all that was set aside for it counts as spent.")]
    public static partial void CutStreamUnpriced(ILogger logger, Exception exception);

    [LoggerMessage(1403, LogLevel.Error, "Something that was registered with StoppedToken failed; the token has fired all the same.")]
    public static partial void StopHandlerFailed(ILogger logger, Exception exception);

    [LoggerMessage(
        1407,
        LogLevel.Error,
        "The callback {Callback} does not come back; the operation goes on without it, and it is not called again until it has."
    )]
    public static partial void CallbackHangs(ILogger logger, string callback);

    [LoggerMessage(1408, LogLevel.Warning, "The reservation of a call that takes long could not be prolonged; it is tried again.")]
    public static partial void NotExtended(ILogger logger, Exception exception);

    [LoggerMessage(
        1409,
        LogLevel.Warning,
        "A call was dropped without an end, and the ledger cannot be reached to settle it now; the settlement is sent again until it "
            + "arrives."
    )]
    public static partial void DroppedCallLate(ILogger logger, Exception exception);

    [LoggerMessage(
        1415,
        LogLevel.Error,
        "The end of a call could not be brought to the ledger, and is not tried again: too many wait, or it does not come back. The call's "
            + "reservation expires, and what it cost is missing, unless the program sends the settlement that it was handed."
    )]
    public static partial void EndLost(ILogger logger, Exception exception);

    [LoggerMessage(1410, LogLevel.Error, "What reads the pieces of a stream failed; the stream goes on, and is settled by what was read.")]
    public static partial void StreamReadingFailed(ILogger logger, Exception exception);

    [LoggerMessage(
        1411,
        LogLevel.Warning,
        "Calls of {Name} cost far more than is estimated for them: {Calls} calls were estimated at {Estimated} at most, and cost {Cost}. "
            + "The budget is spent beyond what is set aside; estimate more. This is said once."
    )]
    public static partial void Underestimated(ILogger logger, string name, int calls, Money estimated, Money cost);

    [LoggerMessage(
        1412,
        LogLevel.Error,
        "The ledger refused the end of a call ({Reason}): somebody else has ended it, and what it cost this time is missing."
    )]
    public static partial void EndRefused(ILogger logger, RefusalReason reason);

    [LoggerMessage(
        1413,
        LogLevel.Warning,
        "A call was given up while it asked for money, and the ledger cannot be reached to give back what it may have been granted; that "
            + "comes back when its reservation expires."
    )]
    public static partial void NotTakenBack(ILogger logger, Exception exception);

    [LoggerMessage(
        1418,
        LogLevel.Error,
        "A call to a model was answered, and could not be settled now. Where the ledger cannot be reached, the settlement is sent again "
            + "until it arrives."
    )]
    public static partial void NotSettled(ILogger logger, Exception exception);

    [LoggerMessage(1417, LogLevel.Warning, "What a call to a model cost has no price; all that was set aside for it counts as spent.")]
    public static partial void Uncosted(ILogger logger, Exception exception);

    [LoggerMessage(1414, LogLevel.Information, "A session that was disposed could not be closed; it ends by its idle time-out.")]
    public static partial void NotClosed(ILogger logger, Exception exception);

    [LoggerMessage(1419, LogLevel.Warning, "The events of a tenant could not be read for its callbacks; they are read on in two seconds.")]
    public static partial void TenantEventsNotRead(ILogger logger, Exception exception);

    [LoggerMessage(
        1416,
        LogLevel.Error,
        "Events of a tenant were passed by before its callbacks were called: the ledger could not be read for longer than it keeps events, "
            + "or it was restored. Look at the tenant's report."
    )]
    public static partial void TenantEventsSkipped(ILogger logger, Exception exception);

    [LoggerMessage(1404, LogLevel.Information, "The price files have changed; version {Version} is in force.")]
    private static partial void PricesTaken(ILogger logger, string version);

    [LoggerMessage(1405, LogLevel.Error, "The price files have changed and are not valid: {Problems} Version {Version} stays in force.")]
    private static partial void PricesKept(ILogger logger, string problems, string version);
}
