using AgentBudget.Client.Sessions;

namespace AgentBudget.Client.Events;

/// <summary>The events of a running ledger.</summary>
internal sealed class LedgerEvents(ClientServices services) : IEventSource
{
    private IBudgetEventFeed Feed => services.Grains.GetGrain<IBudgetEventFeed>(0);

    public Task<int> PartitionsAsync(CancellationToken cancellationToken) =>
        services.Calls.SendAsync(() => Feed.PartitionsAsync(), cancellationToken);

    public Task<EventPage> ReadAsync(EventCursor cursor, int max, EventFilter? filter, CancellationToken cancellationToken) =>
        services.Calls.SendAsync(() => Feed.ReadAsync(cursor, max, filter), cancellationToken);

    public Task<EventCursor> EndAsync(int partition, CancellationToken cancellationToken) =>
        services.Calls.SendAsync(() => Feed.EndAsync(partition), cancellationToken);
}
