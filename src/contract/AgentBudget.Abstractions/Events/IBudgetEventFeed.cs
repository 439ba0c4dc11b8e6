using Orleans.Concurrency;
using Orleans.Metadata;

namespace AgentBudget;

/// <summary>
/// All events of the ledger, in order: <c>grainFactory.GetGrain&lt;IBudgetEventFeed&gt;(0)</c>. A ledger has one partition or several, each
/// with a feed of its own; within one, the events of a session or tenant come in their order. Who reads from a cursor on, and goes on from
/// the cursor that comes back, sees every event once, whatever dies in between; what it does not acknowledge it sees again.
/// </summary>
[Alias("agentbudget.event-feed"), GrainInterfaceType("agentbudget.event-feed"), DefaultGrainType("agentbudget.event-feed")]
public interface IBudgetEventFeed : IGrainWithIntegerKey
{
    /// <summary>How many partitions there are.</summary>
    [Alias("partitions"), ReadOnly, ResponseTimeout(Timeouts.Read)]
    Task<int> PartitionsAsync();

    /// <summary>Events after a cursor, oldest first; those of a batch come together, so that a page may hold more than was asked
    /// for.</summary>
    /// <param name="cursor">Where to go on; <see cref="EventCursor.Start"/> for the oldest that are kept.</param>
    /// <param name="max">After how many events the page ends. 1 to 10,000.</param>
    /// <param name="filter">Which events; null for all.</param>
    [Alias("read"), ReadOnly, ResponseTimeout(Timeouts.Read)]
    Task<EventPage> ReadAsync([Immutable] EventCursor cursor, int max, [Immutable] EventFilter? filter);

    /// <summary>The cursor behind the newest event of a partition.</summary>
    /// <param name="partition">From 0 on.</param>
    [Alias("end"), ReadOnly, ResponseTimeout(Timeouts.Read)]
    Task<EventCursor> EndAsync(int partition);

    /// <summary>
    /// Registers a consumer, once: what it has not acknowledged is kept for it beyond the event retention, up to
    /// <c>AgentBudget:EventRetentionCap</c>. Who is registered already stays where it is.
    /// </summary>
    /// <param name="name">Its name: 1 to 128 characters.</param>
    /// <param name="fromStart">Whether it begins with the oldest events that are kept, or with those to come.</param>
    /// <returns>Its cursors, one a partition.</returns>
    [Alias("register"), ResponseTimeout(Timeouts.Read)]
    Task<IReadOnlyList<EventCursor>> RegisterAsync(string name, bool fromStart);

    /// <summary>Says durably how far a consumer has come. An older cursor than the one that it said last changes nothing.</summary>
    /// <param name="name">The consumer.</param>
    /// <param name="cursor">How far it has come.</param>
    /// <exception cref="ArgumentException">No consumer of this name is registered.</exception>
    [Alias("acknowledge"), ResponseTimeout(Timeouts.Read)]
    Task AcknowledgeAsync(string name, [Immutable] EventCursor cursor);

    /// <summary>Puts a consumer somewhere else, back or forth.</summary>
    /// <param name="name">The consumer.</param>
    /// <param name="cursor">From where it is to go on.</param>
    /// <exception cref="ArgumentException">No consumer of this name is registered.</exception>
    [Alias("move"), ResponseTimeout(Timeouts.Read)]
    Task MoveAsync(string name, [Immutable] EventCursor cursor);

    /// <summary>Lets a consumer go; nothing is kept for it any more.</summary>
    [Alias("unregister"), ResponseTimeout(Timeouts.Read)]
    Task UnregisterAsync(string name);

    /// <summary>The consumers that are registered, and how far each has come.</summary>
    [Alias("consumers"), ReadOnly, ResponseTimeout(Timeouts.Read)]
    Task<IReadOnlyList<EventConsumer>> ConsumersAsync();
}
