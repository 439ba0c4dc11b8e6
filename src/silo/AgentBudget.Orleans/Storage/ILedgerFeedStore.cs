namespace AgentBudget.Orleans.Storage;

/// <summary>
/// The feed of a ledger store: for each batch that was written, a row that names the ledgers and entries in it which have events. Rows of
/// a partition have positions 1, 2, 3 … without gaps, in an order in which each ledger's rows follow one another as they were written;
/// whatever is read at a position once, stays there.
/// </summary>
/// <remarks>
/// A row is written with its batch, in one go, or is not there. A batch whose entries have no events
/// (<see cref="LedgerAppend.HasEvents"/>) needs none.
/// </remarks>
public interface ILedgerFeedStore
{
    /// <summary>Rows from a position on, oldest first, all of them; a row lacks the ranges of ledgers that were purged, and those that have
    /// none of the kinds asked for, so that whoever wants few events is not told of all the others.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="fromPosition">The first position; at least 1.</param>
    /// <param name="count">How many rows at most; at least 1.</param>
    /// <param name="kinds">Which events' ranges are wanted; none for the rows alone.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<IReadOnlyList<FeedRow>> ReadFeedAsync(
        int partition,
        long fromPosition,
        int count,
        EventKinds kinds,
        CancellationToken cancellationToken
    );

    /// <summary>Entries of ranges of one partition, in the order of the ranges; those of a ledger that is no more, or was trimmed, are
    /// missing.</summary>
    ValueTask<IReadOnlyList<IReadOnlyList<Entry>>> ReadRangesAsync(
        int partition,
        IReadOnlyList<FeedRange> ranges,
        CancellationToken cancellationToken
    );

    /// <summary>The oldest and the newest row.</summary>
    ValueTask<FeedEnds> FeedEndsAsync(int partition, CancellationToken cancellationToken);

    /// <summary>Deletes the rows before a position, and never the newest: the next one is numbered by it.</summary>
    ValueTask TrimFeedAsync(int partition, long beforePosition, CancellationToken cancellationToken);

    /// <summary>The consumers registered in a partition, by name.</summary>
    ValueTask<IReadOnlyList<FeedConsumerRow>> ReadConsumersAsync(int partition, CancellationToken cancellationToken);

    /// <summary>Writes a consumer's place, durable on return; it is registered when it was not. One under an older epoch than that which is
    /// stored changes nothing.</summary>
    ValueTask SaveConsumerAsync(int partition, FeedConsumerRow consumer, CancellationToken cancellationToken);

    /// <summary>Deletes a consumer; one that is not there is no error.</summary>
    ValueTask DeleteConsumerAsync(int partition, string name, CancellationToken cancellationToken);
}

/// <summary>One row of the feed: the part of a batch that has events.</summary>
/// <param name="Position">Its position.</param>
/// <param name="BatchId">A random number that no other batch at this position has: after a restore to an earlier moment another row stands
/// here, with another.</param>
/// <param name="At">The latest ledger time in it.</param>
/// <param name="Ranges">The ledgers, and which of their entries.</param>
public sealed record FeedRow(long Position, long BatchId, DateTimeOffset At, IReadOnlyList<FeedRange> Ranges);

/// <summary>Consecutive entries of one ledger, of which at least one has events.</summary>
/// <param name="LedgerId">The ledger.</param>
/// <param name="First">The first entry.</param>
/// <param name="Count">How many.</param>
/// <param name="PreviousEvent">The last entry before them that has events; 0 for none.</param>
/// <param name="Kinds">Which events are among them.</param>
public readonly record struct FeedRange(string LedgerId, long First, int Count, long PreviousEvent, EventKinds Kinds);

/// <summary>Where the feed of a partition begins and ends.</summary>
/// <param name="First">The oldest position that is still there; 0 when nothing was ever written.</param>
/// <param name="FirstAt">The time of its row.</param>
/// <param name="Last">The newest position; 0 when nothing was ever written.</param>
/// <param name="LastBatchId">The batch at it.</param>
public readonly record struct FeedEnds(long First, DateTimeOffset FirstAt, long Last, long LastBatchId);

/// <summary>A consumer's place in a partition.</summary>
/// <param name="Name">Its name: up to 128 characters.</param>
/// <param name="Place">How far it has come, as text: what stores need of it stands beside it.</param>
/// <param name="Position">The position that it has taken whole.</param>
/// <param name="SavedAt">When it said so.</param>
/// <param name="Epoch">Which owner said so: each who takes a consumer over counts one up. 0 where nobody does.</param>
public sealed record FeedConsumerRow(string Name, string Place, long Position, DateTimeOffset SavedAt, long Epoch = 0);
