using AgentBudget.Client.Events;

namespace AgentBudget;

/// <summary>
/// All events of the ledger, for operators: read what there is, or follow what comes. A ledger has one partition or several, each with
/// a cursor of its own; the events of one session or tenant come in their order. See docs/events.md.
/// </summary>
public sealed class EventFeed
{
    /// <summary>The most events that a page can be asked for.</summary>
    public const int MaxPage = 10_000;

    private readonly IEventSource source;
    private readonly TimeProvider time;

    internal EventFeed(IEventSource source, TimeProvider time) => (this.source, this.time) = (source, time);

    /// <summary>The cursors before the oldest events that are kept, one a partition.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="BudgetUnavailableException">The ledger does not answer.</exception>
    public async Task<IReadOnlyList<EventCursor>> StartAsync(CancellationToken cancellationToken = default) =>
        [.. Enumerable.Range(0, await source.PartitionsAsync(cancellationToken)).Select(EventCursor.Start)];

    /// <summary>The cursors behind the newest events, one a partition: who reads from there sees what comes from now on.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="BudgetUnavailableException">The ledger does not answer.</exception>
    public async Task<IReadOnlyList<EventCursor>> EndAsync(CancellationToken cancellationToken = default)
    {
        var partitions = await source.PartitionsAsync(cancellationToken);
        var ends = new EventCursor[partitions];
        for (var partition = 0; partition < partitions; partition++)
            ends[partition] = await source.EndAsync(partition, cancellationToken);
        return ends;
    }

    /// <summary>One page, with the cursor to go on from, and whether the one that was handed in still holds.</summary>
    /// <param name="cursor">Where to go on.</param>
    /// <param name="max">After how many events the page ends: 1 to <see cref="MaxPage"/>. Those of a batch come together, so that it may
    /// hold more.</param>
    /// <param name="filter">Which events; null for all.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    /// <exception cref="BudgetUnavailableException">The ledger does not answer.</exception>
    public Task<EventPage> ReadAsync(
        EventCursor cursor,
        int max = 1_000,
        EventFilter? filter = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(cursor);
        if (max is < 1 or > MaxPage)
            throw new ArgumentException($"The events asked for are {max}; 1 to {MaxPage:N0} may be.");
        filter?.Validate();
        return source.ReadAsync(cursor, max, filter, cancellationToken);
    }

    /// <summary>Reads from cursors on, in all partitions. Nothing is asked of the ledger yet.</summary>
    /// <param name="cursors">Where, as <see cref="EventReading.Cursors"/> said it; a partition that has none here is read from its start.
    /// Null for the oldest events that are kept.</param>
    /// <param name="filter">Which events; null for all.</param>
    /// <exception cref="ArgumentException">A value of the filter is out of its range, or a partition has two cursors.</exception>
    public EventReading From(IEnumerable<EventCursor>? cursors = null, EventFilter? filter = null)
    {
        filter?.Validate();
        return new EventReading(source, time, cursors ?? [], filter);
    }
}
