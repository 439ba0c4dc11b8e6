using AgentBudget.Orleans.Storage;

namespace AgentBudget.Orleans.Feed;

/// <summary>Reads the feed: rows of the store, the entries that they name, and the events of these.</summary>
internal sealed class EventReader(ILedgerStore store, EventOrigins origins, LedgerClock clock)
{
    private const int RowsAtOnce = 256;

    /// <summary>Entries whose events one page makes, so that a page takes bounded memory and time, whatever is asked for.</summary>
    private const int EntriesOfPage = 16_384;

    // Well within the time-out of a read, also where the store is slow.
    private static readonly TimeSpan LongestReading = TimeSpan.FromSeconds(1);

    private ILedgerFeedStore Feed => store.Feed;

    /// <summary>How many partitions there are.</summary>
    public int Partitions => store.Partitions;

    /// <summary>One page.</summary>
    public Task<EventPage> ReadAsync(EventCursor cursor, int max, EventFilter? filter, CancellationToken cancellationToken) =>
        filter is null
            ? ReadAsync(cursor, max, EventKinds.All, _ => true, _ => true, cancellationToken)
            : ReadAsync(
                cursor,
                max,
                filter.Kinds,
                range => filter.Ledger is not { } only || range.LedgerId == only,
                filter.Has,
                cancellationToken
            );

    /// <summary>One page of some ledgers.</summary>
    /// <param name="cursor">Where to go on.</param>
    /// <param name="max">After how many events the page ends.</param>
    /// <param name="kinds">Which events: entries without them are not read at all.</param>
    /// <param name="inRange">Which entries are.</param>
    /// <param name="wanted">Which of their events are.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="throughPosition">The last position that may be in it.</param>
    public async Task<EventPage> ReadAsync(
        EventCursor cursor,
        int max,
        EventKinds kinds,
        Func<FeedRange, bool> inRange,
        Func<BudgetEvent, bool> wanted,
        CancellationToken cancellationToken,
        long throughPosition = long.MaxValue
    )
    {
        var rows = await Feed.ReadFeedAsync(cursor.Partition, Math.Max(1, cursor.Position), RowsAtOnce, kinds, cancellationToken);
        // The row at the cursor is there, or the next one behind it, or something has happened to it.
        if (rows.Count > 0 && rows[0].Position == cursor.Position && rows[0].BatchId == cursor.BatchId)
            rows = [.. rows.Skip(1)];
        else if (cursor.Marks.Count > 0 && !IsNextBehind(cursor, rows))
            return await FindAsync(cursor, cancellationToken);

        if (rows.Count > 0 && rows[^1].Position > throughPosition)
            rows = [.. rows.TakeWhile(row => row.Position <= throughPosition)];

        var events = new List<BudgetEvent>();
        var entries = 0;
        var taken = 0;
        var began = clock.Time.GetTimestamp();
        while (taken < rows.Count && events.Count < max && entries < EntriesOfPage && clock.Time.GetElapsedTime(began) < LongestReading)
        {
            var some = SomeOf(rows, taken, inRange);
            entries += some.SelectMany(row => row.Ranges).Where(inRange).Sum(range => range.Count);
            await AddAsync(events, cursor.Partition, some, inRange, wanted, cancellationToken);
            taken += some.Count;
        }

        if (taken == 0)
            return new EventPage { Next = cursor };
        var last = rows[taken - 1];
        return new EventPage
        {
            Events = events,
            Next = cursor.After(new EventMark(last.Position, last.BatchId)),
            From = rows[0].Position,
            Through = last.Position,
            HasMore = taken < rows.Count || rows.Count >= RowsAtOnce - 1,
        };
    }

    /// <summary>The cursor behind the newest row.</summary>
    public async Task<EventCursor> EndAsync(int partition, CancellationToken cancellationToken)
    {
        var ends = await Feed.FeedEndsAsync(partition, cancellationToken);
        return PlaceAt(partition, ends.Last, ends.Last == 0 ? 0 : ends.LastBatchId);
    }

    /// <summary>The place before the oldest row that is kept: whoever stands there is told when it is outrun.</summary>
    public async Task<EventCursor> OldestAsync(int partition, CancellationToken cancellationToken) =>
        BeforeOldest(partition, await Feed.FeedEndsAsync(partition, cancellationToken));

    /// <summary>The same, of ends that were read.</summary>
    public static EventCursor BeforeOldest(int partition, FeedEnds ends) => PlaceAt(partition, Math.Max(0, ends.First - 1), batchId: 0);

    private static EventCursor PlaceAt(int partition, long position, long batchId) =>
        EventCursor.Start(partition).After(new EventMark(position, batchId));

    // What it stands on was let go, or never was, and nothing behind it.
    private static bool IsNextBehind(EventCursor cursor, IReadOnlyList<FeedRow> rows) =>
        rows.Count == 0 ? cursor.Position == 0 : rows[0].Position == cursor.Position + 1;

    // The cursor does not hold: either what it stands on is too old to be kept, or it never was in this feed.
    private async Task<EventPage> FindAsync(EventCursor cursor, CancellationToken cancellationToken)
    {
        var ends = await Feed.FeedEndsAsync(cursor.Partition, cancellationToken);
        if (cursor.Position + 1 < ends.First)
            return new EventPage { Next = BeforeOldest(cursor.Partition, ends), State = EventCursorState.TooOld };
        // It was let go since the rows were read.
        if (cursor.Position + 1 == ends.First)
            return new EventPage { Next = cursor, HasMore = true };
        for (var i = 1; i < cursor.Marks.Count && cursor.Marks[i].Position > 0; i++)
        {
            var mark = cursor.Marks[i];
            var rows = await Feed.ReadFeedAsync(cursor.Partition, mark.Position, 1, EventKinds.None, cancellationToken);
            if (rows is [var row] && row.Position == mark.Position && row.BatchId == mark.BatchId)
                return new EventPage { Next = cursor.At(i), State = EventCursorState.Restored };
        }

        return new EventPage { Next = BeforeOldest(cursor.Partition, ends), State = EventCursorState.Restored };
    }

    // At least one row, whatever is in it; then as many as can be read in one go.
    private static List<FeedRow> SomeOf(IReadOnlyList<FeedRow> rows, int from, Func<FeedRange, bool> inRange)
    {
        const int entriesAtOnce = 1_024;
        var some = new List<FeedRow>();
        var entries = 0;
        for (var i = from; i < rows.Count && (some.Count == 0 || entries < entriesAtOnce); i++)
        {
            some.Add(rows[i]);
            entries += rows[i].Ranges.Where(inRange).Sum(range => range.Count);
        }

        return some;
    }

    private async Task AddAsync(
        List<BudgetEvent> events,
        int partition,
        List<FeedRow> rows,
        Func<FeedRange, bool> inRange,
        Func<BudgetEvent, bool> wanted,
        CancellationToken cancellationToken
    )
    {
        var ranges = rows.SelectMany(row => row.Ranges).Where(range => inRange(range)).ToArray();
        if (ranges.Length == 0)
            return;
        var read = await Feed.ReadRangesAsync(partition, ranges, cancellationToken);
        for (var i = 0; i < ranges.Length; i++)
        {
            var previous = ranges[i].PreviousEvent;
            if (read[i].Count < ranges[i].Count)
                await EnsureGoneAsync(ranges[i], cancellationToken);
            foreach (var entry in read[i])
            {
                if (!BudgetEvents.Any(entry))
                    continue;
                if (await origins.OfAsync(ranges[i].LedgerId, entry, cancellationToken) is { } origin)
                    events.AddRange(BudgetEvents.Of(entry, origin, previous).Where(wanted));
                previous = entry.Sequence;
            }
        }
    }

    // What the feed names is there, unless the ledger was purged: a cursor never moves past what could not be read.
    private async Task EnsureGoneAsync(FeedRange range, CancellationToken cancellationToken)
    {
        var last = range.First + range.Count - 1;
        if (await store.LoadHeadAsync(range.LedgerId, cancellationToken) is { } head && head.Sequence >= last)
            throw new BudgetUnavailableException("Entries that the feed names could not be read; read again from the same cursor.");
    }
}
