using System.Security.Cryptography;
using AgentBudget.Orleans.Feed;
using AgentBudget.Orleans.Storage;

namespace AgentBudget.Orleans.Streams;

/// <summary>How far a queue has been delivered, durably: a consumer of the feed by the queue's name.</summary>
internal sealed class QueuePlace(ILedgerStore store, LedgerClock clock, BudgetStreamsOptions options, uint queue)
{
    // Numbers that one owner may give, before those of the second after it.
    private const int BitsOfOwner = 32;
    private const int BitsOfChance = 16;

    private readonly string name = NameOf(queue, options);
    private readonly ConsumerPlace place = new(store, clock, NameOf(queue, options), options.SaveInterval);

    /// <summary>
    /// The number before the first that this owner gives. Numbers grow from owner to owner, also where what was written of the one before
    /// is
    /// lost: they begin with the second in which it took over. Two that take over at once differ by chance.
    /// </summary>
    public long FirstNumber => (place.Epoch << BitsOfOwner) + ((long)RandomNumberGenerator.GetInt32(1 << BitsOfChance) << BitsOfChance);

    /// <summary>Takes the queue over.</summary>
    /// <returns>From where to read on, one cursor a partition.</returns>
    public Task<EventCursor[]> TakeAsync(CancellationToken cancellationToken) => place.TakeAsync(BeginOf, cancellationToken);

    /// <summary>Everything up to a cursor has been delivered.</summary>
    public void Delivered(EventCursor cursor) => place.Delivered(cursor);

    /// <summary>Writes down what has changed, if it is time to.</summary>
    public Task SaveAsync(bool isEnd, CancellationToken cancellationToken) => place.SaveAsync(isEnd, cancellationToken);

    // A queue that is new begins where the one of another count of queues that is farthest behind is; without one, with the oldest events.
    private FeedConsumerRow? BeginOf(IReadOnlyList<FeedConsumerRow> known) =>
        known.FirstOrDefault(row => row.Name == name)
        ?? known.Where(row => row.Name.StartsWith(FeedConsumers.OfStreams, StringComparison.Ordinal)).MinBy(row => row.Position);

    private static string NameOf(uint queue, BudgetStreamsOptions options) =>
        FormattableString.Invariant($"{FeedConsumers.OfStreams}{queue}-of-{options.Queues}");
}
