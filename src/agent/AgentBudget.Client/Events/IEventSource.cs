namespace AgentBudget.Client.Events;

/// <summary>Where events are read: a running ledger, or a file that is only looked at.</summary>
internal interface IEventSource
{
    /// <summary>How many partitions there are.</summary>
    Task<int> PartitionsAsync(CancellationToken cancellationToken);

    /// <summary>A page behind a cursor.</summary>
    Task<EventPage> ReadAsync(EventCursor cursor, int max, EventFilter? filter, CancellationToken cancellationToken);

    /// <summary>The cursor behind the newest event of a partition.</summary>
    Task<EventCursor> EndAsync(int partition, CancellationToken cancellationToken);
}
