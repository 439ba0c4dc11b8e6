using System.Collections.Concurrent;

namespace AgentBudget.Orleans.Storage.InMemory;

/// <summary>
/// The feed of a store in memory: the last rows, in a ring. It is gone with the process, as all of the store is; who falls behind by more
/// than the ring is told so.
/// </summary>
/// <param name="ledgers">The ledgers, by id.</param>
internal sealed class InMemoryFeed(ConcurrentDictionary<string, InMemoryLedger> ledgers) : ILedgerFeedStore
{
    /// <summary>The most rows that it keeps.</summary>
    public const int MaxRows = 65_536;

    private readonly Lock gate = new();
    private readonly Dictionary<string, FeedConsumerRow> consumers = new(StringComparer.Ordinal);
    private Row[] rows = new Row[1_024];
    private long first = 1;
    private long last;

    /// <summary>Adds an append that has events.</summary>
    public void Add(in LedgerAppend append)
    {
        var kinds = append.EventKinds;
        lock (gate)
        {
            last++;
            if (last - first == rows.Length)
            {
                if (rows.Length < MaxRows)
                    Grow();
                else
                    first++;
            }

            rows[last & (rows.Length - 1)] = new Row(
                append.AppendId,
                append.Head.LastEntryAt.UtcTicks,
                append.Head.SessionId,
                append.Entries[0].Sequence,
                append.Entries.Count,
                append.PreviousEvent,
                kinds
            );
        }
    }

    public ValueTask<IReadOnlyList<FeedRow>> ReadFeedAsync(
        int partition,
        long fromPosition,
        int count,
        EventKinds kinds,
        CancellationToken cancellationToken
    )
    {
        var found = new List<FeedRow>();
        lock (gate)
        {
            for (var position = Math.Max(fromPosition, first); position <= last && found.Count < count; position++)
                found.Add(rows[position & (rows.Length - 1)].At(position, kinds));
        }

        return ValueTask.FromResult<IReadOnlyList<FeedRow>>(found);
    }

    public ValueTask<IReadOnlyList<IReadOnlyList<Entry>>> ReadRangesAsync(
        int partition,
        IReadOnlyList<FeedRange> ranges,
        CancellationToken cancellationToken
    ) => ValueTask.FromResult<IReadOnlyList<IReadOnlyList<Entry>>>([.. ranges.Select(Read)]);

    public ValueTask<FeedEnds> FeedEndsAsync(int partition, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            if (last == 0)
                return ValueTask.FromResult(default(FeedEnds));
            var (oldest, newest) = (rows[first & (rows.Length - 1)], rows[last & (rows.Length - 1)]);
            return ValueTask.FromResult(new FeedEnds(first, new DateTimeOffset(oldest.AtTicks, TimeSpan.Zero), last, newest.BatchId));
        }
    }

    public ValueTask TrimFeedAsync(int partition, long beforePosition, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            for (; first < Math.Min(beforePosition, last); first++)
                rows[first & (rows.Length - 1)] = default;
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<IReadOnlyList<FeedConsumerRow>> ReadConsumersAsync(int partition, CancellationToken cancellationToken)
    {
        lock (gate)
            return ValueTask.FromResult<IReadOnlyList<FeedConsumerRow>>([
                .. consumers.Values.OrderBy(consumer => consumer.Name, StringComparer.Ordinal),
            ]);
    }

    public ValueTask SaveConsumerAsync(int partition, FeedConsumerRow consumer, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            if (!consumers.TryGetValue(consumer.Name, out var known) || known.Epoch <= consumer.Epoch)
                consumers[consumer.Name] = consumer;
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask DeleteConsumerAsync(int partition, string name, CancellationToken cancellationToken)
    {
        lock (gate)
            consumers.Remove(name);
        return ValueTask.CompletedTask;
    }

    private Entry[] Read(FeedRange range)
    {
        if (!ledgers.TryGetValue(range.LedgerId, out var ledger))
            return [];
        using (ledger.Enter())
            return ledger.Page(range.First, range.Count);
    }

    private void Grow()
    {
        var larger = new Row[rows.Length * 2];
        for (var position = first; position < last; position++)
            larger[position & (larger.Length - 1)] = rows[position & (rows.Length - 1)];
        rows = larger;
    }

    private readonly record struct Row(
        long BatchId,
        long AtTicks,
        string LedgerId,
        long FirstEntry,
        int Entries,
        long PreviousEvent,
        EventKinds Kinds
    )
    {
        public FeedRow At(long position, EventKinds wanted) =>
            new(
                position,
                BatchId,
                new DateTimeOffset(AtTicks, TimeSpan.Zero),
                (Kinds & wanted) == 0 ? [] : [new FeedRange(LedgerId, FirstEntry, Entries, PreviousEvent, Kinds)]
            );
    }
}
