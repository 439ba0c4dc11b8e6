using Microsoft.Extensions.Logging;

namespace AgentBudget.Orleans.Streams;

/// <summary>What the streams log. Ids 1600 to 1699. No session ids and no tenants: they may name customers.</summary>
internal static partial class StreamsLog
{
    [LoggerMessage(1600, LogLevel.Warning, "A queue of events could not be looked after; it is tried again.")]
    public static partial void ReadFailed(ILogger logger, Exception exception);

    [LoggerMessage(
        1601,
        LogLevel.Error,
        "A consumer of the stream {Namespace} did not take an event, and took a later one: it is kept as a dead letter. It is of entry "
            + "{Entry} of a ledger, in the rows {From} to {Through} of the feed of partition {Partition}. See to the consumer."
    )]
    public static partial void DeadLetter(ILogger logger, string @namespace, long entry, int partition, long from, long through);

    [LoggerMessage(1602, LogLevel.Error, "A subscription to the stream {Namespace} failed.")]
    public static partial void SubscriptionFailed(ILogger logger, string? @namespace);

    [LoggerMessage(
        1603,
        LogLevel.Error,
        "A queue of events has lost its place ({State}): it was at {Cursor}, and goes on from {Next}. Compare totals with reports."
    )]
    public static partial void CursorLost(ILogger logger, EventCursorState state, string cursor, string next);

    [LoggerMessage(1604, LogLevel.Error, "A dead letter of a stream could not be kept in the store; its stream waits until it is.")]
    public static partial void NotKept(ILogger logger, Exception exception);

    [LoggerMessage(
        1605,
        LogLevel.Warning,
        "A stream {Namespace} does not keep up with its queue: its consumer is slow, fails or hangs. It goes on by itself from where it "
            + "is; nothing of it is lost, and the other streams do not wait for it."
    )]
    public static partial void GoesByItself(ILogger logger, string? @namespace);

    [LoggerMessage(1606, LogLevel.Information, "A stream {Namespace} has caught up with its queue.")]
    public static partial void Rejoined(ILogger logger, string? @namespace);

    [LoggerMessage(
        1607,
        LogLevel.Error,
        "{Count} streams of a queue do not keep up with it, and more: the queue waits for them. Nothing is lost; see to "
            + "what their consumers need."
    )]
    public static partial void QueueWaits(ILogger logger, int count);

    [LoggerMessage(
        1608,
        LogLevel.Error,
        "{Count} dead letters of streams are kept in partition {Partition}, and no more are: a stream {Namespace} waits until some have "
            + "been seen to and removed."
    )]
    public static partial void DeadLettersFull(ILogger logger, string @namespace, int count, int partition);

    [LoggerMessage(1609, LogLevel.Warning, "Partition {Partition} failed for a queue of events; it is tried again, and the others go on.")]
    public static partial void PartitionFailed(ILogger logger, Exception exception, int partition);
}
