using AgentBudget.Orleans.Feed;
using Microsoft.Extensions.Logging;
using Orleans.Providers.Streams.Common;
using Orleans.Streams;

namespace AgentBudget.Orleans.Streams;

/// <summary>
/// One queue: reads the feed of every partition, gives Orleans the events of its streams, and writes down how far they have been delivered.
/// A page of the feed is done with when each of its batches was delivered, or has become a dead letter; pages are done with in their order.
/// Called in the turns of Orleans' pulling agent, one at a time.
/// </summary>
internal sealed class FeedQueueReceiver(EventReader reader, StreamsOfQueue streams, QueuePlace place, LedgerMetrics metrics, ILogger log)
    : IQueueAdapterReceiver,
        IStreamFailureHandler
{
    // Tokens grow from owner to owner: a consumer that has heard of a later one hears nothing of what comes before it.
    private const int BitsOfOwner = 40;
    private const int EventsOfPage = 1_024;
    private const int EventsOfBatch = 64;

    private readonly Queue<EventBatch> waiting = [];
    private readonly Dictionary<long, Page> pages = [];
    private readonly Queue<Page> order = [];
    private EventCursor[] cursors = [];
    private long nextNumber;
    private int nextPartition;

    // Deliveries that fail are tried again for MaxDeliveryTime; then the stream goes on without the event.
    public bool ShouldFaultSubsriptionOnError => false;

    public async Task Initialize(TimeSpan timeout)
    {
        cursors = await place.TakeAsync(CancellationToken.None);
        nextNumber = place.Epoch << BitsOfOwner;
    }

    public async Task<IList<IBatchContainer>> GetQueueMessagesAsync(int maxCount)
    {
        try
        {
            // A start that failed, for the store was away, is caught up on.
            if (cursors.Length == 0)
                await Initialize(TimeSpan.Zero);
            for (var i = 0; i < cursors.Length && waiting.Count == 0; i++)
                await ReadAsync((nextPartition + i) % cursors.Length);
            nextPartition = (nextPartition + 1) % cursors.Length;
            await place.SaveAsync(isEnd: false, CancellationToken.None);
        }
        catch (Exception exception)
        {
            StreamsLog.ReadFailed(log, exception);
        }

        var most = maxCount > 0 ? maxCount : EventsOfPage;
        var batches = new List<IBatchContainer>(Math.Min(most, waiting.Count));
        while (batches.Count < most && waiting.TryDequeue(out var batch))
            batches.Add(batch);
        return batches;
    }

    public async Task MessagesDeliveredAsync(IList<IBatchContainer> messages)
    {
        try
        {
            foreach (var message in messages)
                Done(message.SequenceToken);
            await place.SaveAsync(isEnd: false, CancellationToken.None);
        }
        catch (Exception exception)
        {
            StreamsLog.ReadFailed(log, exception);
        }
    }

    public async Task Shutdown(TimeSpan timeout)
    {
        try
        {
            await place.SaveAsync(isEnd: true, CancellationToken.None);
        }
        catch (Exception exception)
        {
            StreamsLog.ReadFailed(log, exception);
        }
    }

    public Task OnDeliveryFailure(
        GuidId subscriptionId,
        string streamProviderName,
        StreamId streamIdentity,
        StreamSequenceToken? sequenceToken
    )
    {
        if (sequenceToken is null || !pages.TryGetValue(sequenceToken.SequenceNumber, out var page))
            return Task.CompletedTask;
        var batch = page.Batches[sequenceToken.SequenceNumber];
        metrics.BecameDeadLetters(batch.Events.Count);
        var (first, last) = (batch.Events[0], batch.Events[^1]);
        StreamsLog.DeadLetter(
            log,
            streamIdentity.GetNamespace(),
            page.Through.ToString(),
            batch.Events.Count,
            first.Sequence,
            last.Sequence
        );
        Done(sequenceToken);
        return Task.CompletedTask;
    }

    public Task OnSubscriptionFailure(
        GuidId subscriptionId,
        string streamProviderName,
        StreamId streamIdentity,
        StreamSequenceToken? sequenceToken
    )
    {
        StreamsLog.SubscriptionFailed(log, streamIdentity.GetNamespace());
        return Task.CompletedTask;
    }

    private async Task ReadAsync(int partition)
    {
        var page = await reader.ReadAsync(cursors[partition], EventsOfPage, streams.IsMine, _ => true, CancellationToken.None);
        if (page.State != EventCursorState.Good)
        {
            StreamsLog.CursorLost(log, page.State, cursors[partition].ToString(), page.Next.ToString());
            metrics.LostPlace();
        }

        cursors[partition] = page.Next;
        if (page.Through == 0)
            return;
        var added = new Page(page.Next);
        Add(added, page.Events, streams => streams.Events, _ => true);
        Add(added, page.Events, streams => streams.Billing, of => of is ChargeEvent);
        order.Enqueue(added);
        Advance();
    }

    private void Add(
        Page page,
        IReadOnlyList<BudgetEvent> events,
        Func<(StreamId? Events, StreamId? Billing), StreamId?> streamOf,
        Func<BudgetEvent, bool> isIn
    )
    {
        // Orleans delivers a batch whole, or not at all: those of one stream in a page are one.
        foreach (var ofStream in events.Where(isIn).GroupBy(of => streamOf(streams.Of(of))))
        {
            if (ofStream.Key is not { } stream)
                continue;
            foreach (var some in ofStream.Chunk(EventsOfBatch))
            {
                var batch = new EventBatch(stream, some, new EventSequenceTokenV2(++nextNumber));
                page.Batches.Add(nextNumber, batch);
                pages.Add(nextNumber, page);
                waiting.Enqueue(batch);
            }
        }
    }

    private void Done(StreamSequenceToken token)
    {
        if (pages.Remove(token.SequenceNumber, out var page))
            page.Batches.Remove(token.SequenceNumber);
        Advance();
    }

    private void Advance()
    {
        while (order.TryPeek(out var first) && first.Batches.Count == 0)
            place.Delivered(order.Dequeue().Through);
    }

    // What was read at once, until all of it is delivered.
    private sealed record Page(EventCursor Through)
    {
        public Dictionary<long, EventBatch> Batches { get; } = [];
    }
}
