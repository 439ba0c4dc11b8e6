using System.Diagnostics.Metrics;
using AgentBudget.Orleans.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentBudget.Orleans.Feed;

/// <summary>
/// Warns before a registered consumer is outrun: of the one that is farthest behind, how old its next event is, as a share of what is kept
/// at most. It is looked at with each sweep, on the silo that sweeps.
/// </summary>
internal sealed class RetentionWatch(
    ILedgerStore store,
    IOptions<AgentBudgetOptions> options,
    LedgerMetrics metrics,
    LedgerClock clock,
    ILogger<RetentionWatch> logger
)
{
    // Time enough to mend a receiver, of a cap of weeks.
    private const double WarnedAt = 0.75;

    // Of the silo that swept before nothing is said any more.
    private static readonly TimeSpan SaidFor = TimeSpan.FromMinutes(10);

    private readonly QuietLogger log = new(logger);
    private readonly string?[] told = new string?[store.Partitions];
    private LastSeen? last;

    /// <summary>Looks, before anything is let go of.</summary>
    public async Task LookAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var most = 0.0;
        for (var partition = 0; partition < store.Partitions; partition++)
            most = Math.Max(most, await LookAsync(partition, now, cancellationToken));
        var seen = last ?? Begin();
        (seen.Share, seen.At) = (most, clock.Time.GetTimestamp());
    }

    private async Task<double> LookAsync(int partition, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var consumers = await store.Feed.ReadConsumersAsync(partition, cancellationToken);
        if (consumers.MinBy(consumer => consumer.Position) is not { } slowest)
            return 0;
        var rows = await store.Feed.ReadFeedAsync(partition, slowest.Position + 1, 1, EventKinds.None, cancellationToken);
        var age = rows.Count == 0 ? TimeSpan.Zero : now - rows[0].At;
        var share = Math.Max(0, age / options.Value.EventsKeptAtMost);
        if (share >= WarnedAt && told[partition] != slowest.Name)
            FeedLog.NearlyOutrun(log, slowest.Name, partition, age.TotalDays, options.Value.EventsKeptAtMost.TotalDays);
        told[partition] = share >= WarnedAt ? slowest.Name : null;
        return share;
    }

    private LastSeen Begin()
    {
        var (seen, time) = (last = new LastSeen(), clock.Time);
        metrics.ObserveRetention(() => time.GetElapsedTime(seen.At) < SaidFor ? [new Measurement<double>(seen.Share)] : []);
        return seen;
    }

    private sealed class LastSeen
    {
        public double Share { get; set; }

        public long At { get; set; }
    }
}
