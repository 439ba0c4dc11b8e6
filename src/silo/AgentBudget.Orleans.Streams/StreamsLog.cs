using Microsoft.Extensions.Logging;

namespace AgentBudget.Orleans.Streams;

/// <summary>What the streams log. Ids 1600 to 1699. No session ids and no tenants: they may name customers.</summary>
internal static partial class StreamsLog
{
    [LoggerMessage(1600, LogLevel.Warning, "The feed could not be read for a queue of events; it is tried again.")]
    public static partial void ReadFailed(ILogger logger, Exception exception);

    [LoggerMessage(
        1601,
        LogLevel.Error,
        "A consumer of the stream {Namespace} did not take an event in time, and was passed by: it is of entry {Entry} of a ledger, in the "
            + "rows {From} to {Through} of the feed of partition {Partition}. Read them there, and see to the consumer."
    )]
    public static partial void DeadLetter(ILogger logger, string? @namespace, long entry, int partition, long from, long through);

    [LoggerMessage(1602, LogLevel.Error, "A subscription to the stream {Namespace} failed.")]
    public static partial void SubscriptionFailed(ILogger logger, string? @namespace);

    [LoggerMessage(
        1603,
        LogLevel.Error,
        "A queue of events has lost its place ({State}): it was at {Cursor}, and goes on from {Next}. Compare totals with reports."
    )]
    public static partial void CursorLost(ILogger logger, EventCursorState state, string cursor, string next);

    [LoggerMessage(1604, LogLevel.Error, "A dead letter of a stream could not be kept in the store; the log is all that there is of it.")]
    public static partial void NotKept(ILogger logger, Exception exception);
}
