using Microsoft.Extensions.Logging;

namespace AgentBudget.Orleans.Expiry;

/// <summary>What the sweep logs. Ids 1200 to 1299.</summary>
internal static partial class ExpiryLog
{
    [LoggerMessage(1200, LogLevel.Debug, "The sweep tended {Woken} sessions; {Failed} could not be tended and stay due.")]
    public static partial void Swept(ILogger logger, int woken, int failed);

    [LoggerMessage(1201, LogLevel.Warning, "A session that is due could not be tended; it stays due.")]
    public static partial void TendFailed(ILogger logger, Exception exception);

    [LoggerMessage(1202, LogLevel.Warning, "The sweep could not run; it is tried again after the interval.")]
    public static partial void SweepFailed(ILogger logger, Exception exception);

    [LoggerMessage(1203, LogLevel.Warning, "Events that are kept no longer could not be let go of; it is tried again after the interval.")]
    public static partial void TrimFailed(ILogger logger, Exception exception);
}
