using Microsoft.Extensions.Logging;

namespace AgentBudget.Billing;

/// <summary>What exports of costs log. Ids 2100 to 2199. Exports by their names: no keys, addresses, customers or session ids.</summary>
internal static partial class BillingLog
{
    [LoggerMessage(2100, LogLevel.Warning, "Costs could not be read or written down for the export {Export}; it is tried again.")]
    public static partial void StepFailed(ILogger logger, Exception exception, string export);

    [LoggerMessage(
        2101,
        LogLevel.Warning,
        "What the export {Export} goes to takes nothing: {Problem}. Nothing is lost; it is tried again."
    )]
    public static partial void Failing(ILogger logger, string export, string problem);

    [LoggerMessage(
        2102,
        LogLevel.Error,
        "What the export {Export} goes to lets nothing in: {Problem}. Nothing is lost; mend its address or its key."
    )]
    public static partial void MustBeMended(ILogger logger, string export, string problem);

    [LoggerMessage(2103, LogLevel.Information, "What the export {Export} goes to takes costs again.")]
    public static partial void Recovered(ILogger logger, string export);

    [LoggerMessage(
        2104,
        LogLevel.Error,
        "{Count} costs of the export {Export} could not be sent, and are kept as dead letters, each with its reason; look at them."
    )]
    public static partial void Died(ILogger logger, string export, int count);

    [LoggerMessage(
        2105,
        LogLevel.Error,
        "The export {Export} has {Count} dead letters and reads nothing more, which the feed keeps; mend what they say, and restart it."
    )]
    public static partial void Full(ILogger logger, string export, int count);

    [LoggerMessage(
        2106,
        LogLevel.Error,
        "The export {Export} has lost its place ({State}): it was at {Cursor}, and goes on from {Next}. Compare totals with reports."
    )]
    public static partial void CursorLost(ILogger logger, string export, EventCursorState state, string cursor, string next);

    [LoggerMessage(2107, LogLevel.Warning, "Exports of costs could not be woken; it is tried again soon.")]
    public static partial void WakeFailed(ILogger logger, Exception exception);
}
