using AgentBudget.Client.Events;
using AgentBudget.Orleans.Feed;
using AgentBudget.Orleans.Storage;

namespace AgentBudget.Cli.Ledgers;

/// <summary>The events of a ledger that is only looked at.</summary>
internal sealed class StoredEvents(ILedgerStore store, LedgerClock clock) : IEventSource
{
    private readonly EventReader reader = new(store, new EventOrigins(store, clock), clock);

    public Task<int> PartitionsAsync(CancellationToken cancellationToken) => Task.FromResult(reader.Partitions);

    public Task<EventPage> ReadAsync(EventCursor cursor, int max, EventFilter? filter, CancellationToken cancellationToken) =>
        reader.ReadAsync(cursor, max, filter, cancellationToken);

    public Task<EventCursor> EndAsync(int partition, CancellationToken cancellationToken) => reader.EndAsync(partition, cancellationToken);
}
