using System.Runtime.CompilerServices;
using AgentBudget.Client.Events;

namespace AgentBudget;

/// <summary>
/// One consumer's way through the feed. Keep <see cref="Cursors"/> with what was made of the events, and go on from them after a restart:
/// at most a page comes again, so drop by <see cref="BudgetEvent.Id"/> what has come before. Not for several threads at once.
/// </summary>
public sealed class EventReading
{
    private const int EventsAtOnce = 1_000;

    // Somebody looks on, or a webhook waits: soon at first, and then no more often than the ledger hardly notices.
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);

    private readonly IEventSource source;
    private readonly TimeProvider time;
    private readonly EventFilter? filter;
    private readonly SortedDictionary<int, EventCursor> cursors = [];

    internal EventReading(IEventSource source, TimeProvider time, IEnumerable<EventCursor> from, EventFilter? filter)
    {
        (this.source, this.time, this.filter) = (source, time, filter);
        foreach (var cursor in from)
        {
            if (!cursors.TryAdd(cursor.Partition, cursor))
                throw new ArgumentException($"Partition {cursor.Partition} has two cursors; hand in one.");
        }
    }

    /// <summary>Where it stands, a cursor for each partition that was read: behind all events that the loop has come back from, up to the
    /// last whole page.</summary>
    public IReadOnlyList<EventCursor> Cursors => [.. cursors.Values];

    /// <summary>Goes on from somewhere else: what <see cref="EventCursorException.Next"/> says, once what it means was seen to.</summary>
    /// <param name="cursor">From where its partition is read on.</param>
    public void MoveTo(EventCursor cursor)
    {
        ArgumentNullException.ThrowIfNull(cursor);
        cursors[cursor.Partition] = cursor;
    }

    /// <summary>The events up to the newest that is there when it begins.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="EventCursorException">A cursor holds no more; the message names the mend.</exception>
    /// <exception cref="BudgetUnavailableException">The ledger does not answer. Call it again: it goes on where it stands.</exception>
    public async IAsyncEnumerable<BudgetEvent> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var partitions = await source.PartitionsAsync(cancellationToken);
        for (var partition = 0; partition < partitions; partition++)
        {
            var end = await source.EndAsync(partition, cancellationToken);
            EventPage page;
            do
            {
                page = await PageAsync(partition, cancellationToken);
                foreach (var one in page.Events)
                    yield return one;
                cursors[partition] = page.Next;
            } while (page.HasMore && page.Next.Position < end.Position);
        }
    }

    /// <summary>The events that are there, and those that come, without end: asked for every 100 milliseconds, and less often, down to
    /// every 2 seconds, while nothing comes.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="EventCursorException">A cursor holds no more; the message names the mend.</exception>
    /// <exception cref="BudgetUnavailableException">The ledger does not answer. Call it again: it goes on where it stands.</exception>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public async IAsyncEnumerable<BudgetEvent> FollowAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var partitions = await source.PartitionsAsync(cancellationToken);
        var wait = ShortestWait;
        while (true)
        {
            var (hasCome, hasMore) = (false, false);
            // A page of each in turn: a partition with a long past does not keep the others waiting.
            for (var partition = 0; partition < partitions; partition++)
            {
                var page = await PageAsync(partition, cancellationToken);
                foreach (var one in page.Events)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    yield return one;
                }

                cursors[partition] = page.Next;
                hasCome |= page.Events.Count > 0;
                hasMore |= page.HasMore;
            }

            if (hasCome)
                wait = ShortestWait;
            if (hasMore)
                continue;
            await Task.Delay(wait, time, cancellationToken);
            wait = wait * 2 < LongestWait ? wait * 2 : LongestWait;
        }
    }

    private async Task<EventPage> PageAsync(int partition, CancellationToken cancellationToken)
    {
        var cursor = cursors.GetValueOrDefault(partition) ?? EventCursor.Start(partition);
        var page = await source.ReadAsync(cursor, EventsAtOnce, filter, cancellationToken);
        return page.State == EventCursorState.Good ? page : throw new EventCursorException(cursor, page);
    }
}
