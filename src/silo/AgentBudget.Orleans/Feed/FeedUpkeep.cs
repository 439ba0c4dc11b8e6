using AgentBudget.Orleans.Storage;
using Microsoft.Extensions.Options;

namespace AgentBudget.Orleans.Feed;

/// <summary>
/// How long events are kept: for the event retention, and beyond it for registered consumers that have not taken them, up to a cap. A
/// session is purged only when its events are kept no longer.
/// </summary>
internal sealed class FeedUpkeep(ILedgerStore store, IOptions<AgentBudgetOptions> options)
{
    private const int RowsAtOnce = 1_000;

    private static readonly TimeSpan ClocksDiffer = TimeSpan.FromMinutes(5);

    private ILedgerFeedStore Feed => store.Feed;

    /// <summary>Lets go of what is kept no longer.</summary>
    public async Task TrimAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        for (var partition = 0; partition < store.Partitions; partition++)
        {
            var old = await LastBeforeAsync(partition, now - options.Value.EventsKeptFor, cancellationToken);
            if (old == 0)
                continue;
            var consumers = await Feed.ReadConsumersAsync(partition, cancellationToken);
            var slowest = consumers.Count == 0 ? long.MaxValue : consumers.Min(consumer => consumer.Position);
            var capped = slowest < old ? await LastBeforeAsync(partition, now - options.Value.EventsKeptAtMost, cancellationToken) : 0;
            // The row at a consumer's place stays, so that its cursor can be seen to hold.
            await Feed.TrimFeedAsync(partition, Math.Min(old + 1, Math.Max(slowest, capped + 1)), cancellationToken);
        }
    }

    /// <summary>Whether nobody waits for the events of a ledger any more.</summary>
    /// <param name="head">Its head.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask<bool> IsPastAsync(SessionHead head, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var age = now - head.LastEntryAt;
        if (age < options.Value.EventsKeptFor || age >= options.Value.EventsKeptAtMost)
            return age >= options.Value.EventsKeptFor;
        var partition = store.PartitionOf(head.SessionId);
        var consumers = await Feed.ReadConsumersAsync(partition, cancellationToken);
        if (consumers.Count == 0)
            return true;
        var slowest = consumers.Min(consumer => consumer.Position);
        var rows = await Feed.ReadFeedAsync(partition, slowest + 1, 1, EventKinds.None, cancellationToken);
        // A row's time is that of its latest entry, and silos' clocks differ.
        return rows.Count == 0 || head.LastEntryAt < rows[0].At - ClocksDiffer;
    }

    /// <summary>The last position before all rows of a time and later; 0 for none. Rows of silos whose clocks differ stand among one
    /// another, so those around the time are looked at one by one.</summary>
    public async Task<long> LastBeforeAllAsync(int partition, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var last = await LastBeforeAsync(partition, since - ClocksDiffer, cancellationToken);
        IReadOnlyList<FeedRow> rows;
        do
        {
            rows = await Feed.ReadFeedAsync(partition, last + 1, RowsAtOnce, EventKinds.None, cancellationToken);
            foreach (var row in rows)
            {
                if (row.At >= since)
                    return last;
                last = row.Position;
            }
        } while (rows.Count == RowsAtOnce);
        return last;
    }

    /// <summary>A position whose row is older than a time, and the one behind it not; 0 for none. Positions have no gaps, and times follow
    /// them but for clocks: halving finds it.</summary>
    private async Task<long> LastBeforeAsync(int partition, DateTimeOffset olderThan, CancellationToken cancellationToken)
    {
        var ends = await Feed.FeedEndsAsync(partition, cancellationToken);
        if (ends.Last == 0 || ends.FirstAt >= olderThan)
            return 0;
        var (older, younger) = (ends.First, ends.Last + 1);
        while (younger - older > 1)
        {
            var middle = older + ((younger - older) / 2);
            var rows = await Feed.ReadFeedAsync(partition, middle, 1, EventKinds.None, cancellationToken);
            if (rows.Count > 0 && rows[0].At < olderThan)
                older = middle;
            else
                younger = middle;
        }

        return older;
    }
}
