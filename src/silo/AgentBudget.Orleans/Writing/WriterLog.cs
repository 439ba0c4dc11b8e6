using Microsoft.Extensions.Logging;

namespace AgentBudget.Orleans.Writing;

/// <summary>What the writer logs. Ids 1100 to 1199. No session ids: they may name customers.</summary>
internal static partial class WriterLog
{
    [LoggerMessage(1100, LogLevel.Error, "The ledger store is unavailable; {Sessions} sessions were told to try again.")]
    public static partial void StoreUnavailable(ILogger logger, Exception exception, int sessions);

    [LoggerMessage(1101, LogLevel.Warning, "A batch of {Sessions} sessions could not be written; each is tried alone.")]
    public static partial void BatchFailed(ILogger logger, Exception exception, int sessions);

    [LoggerMessage(1102, LogLevel.Error, "Entries of one session, from sequence {Sequence} on, could not be written; it is reloaded.")]
    public static partial void SessionFailed(ILogger logger, Exception exception, long sequence);

    [LoggerMessage(
        1103,
        LogLevel.Warning,
        "{Sessions} sessions of one batch were written from elsewhere; their activations here are fenced and end."
    )]
    public static partial void Fenced(ILogger logger, int sessions);
}
