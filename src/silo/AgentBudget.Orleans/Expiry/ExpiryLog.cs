using Microsoft.Extensions.Logging;

namespace AgentBudget.Orleans.Expiry;

/// <summary>What the sweep logs. Ids 1200 to 1299.</summary>
internal static partial class ExpiryLog
{
    [LoggerMessage(1200, LogLevel.Debug, "The sweep tended {Woken} sessions; {Failed} could not be tended and stay due.")]
    public static partial void Swept(ILogger logger, int woken, int failed);

    /// <summary>An exception of a grain call names the grain, and so the tenant whose session it is.</summary>
    public static void TendFailed(ILogger logger, Exception exception)
    {
        TendFailed(logger, exception.GetType().Name);
        TendFailedBy(logger, exception);
    }

    [LoggerMessage(
        1201,
        LogLevel.Warning,
        "A session that is due could not be tended ({Problem}); it stays due; its id is logged at level Debug."
    )]
    private static partial void TendFailed(ILogger logger, string problem);

    [LoggerMessage(1204, LogLevel.Debug, "A session that is due could not be tended; it stays due.")]
    private static partial void TendFailedBy(ILogger logger, Exception exception);

    [LoggerMessage(1202, LogLevel.Warning, "The sweep could not run; it is tried again after the interval.")]
    public static partial void SweepFailed(ILogger logger, Exception exception);

    [LoggerMessage(1203, LogLevel.Warning, "Events that are kept no longer could not be let go of; it is tried again after the interval.")]
    public static partial void TrimFailed(ILogger logger, Exception exception);
}
