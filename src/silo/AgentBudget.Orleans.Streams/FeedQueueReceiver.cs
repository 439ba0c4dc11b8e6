using AgentBudget.Orleans.Feed;
using Microsoft.Extensions.Logging;
using Orleans.Providers.Streams.Common;
using Orleans.Streams;

namespace AgentBudget.Orleans.Streams;

/// <summary>
/// One queue: reads the feed of every partition, gives Orleans the events of its streams, and writes down how far they have been delivered.
/// A page of the feed is done with when each of its events was, delivered or passed by; pages are done with in their order. Called in the
/// turns
/// of Orleans' pulling agent, one at a time.
/// </summary>
internal sealed class FeedQueueReceiver(
    EventReader reader,
    StreamsOfQueue streams,
    QueuePlace place,
    BudgetStreamDeadLetters deadLetters,
    LedgerMetrics metrics,
    LedgerClock clock,
    ILogger log
) : IQueueAdapterReceiver
{
    private const int EventsOfPage = 1_024;
    private static readonly TimeSpan LongestReading = TimeSpan.FromSeconds(1);

    private readonly Queue<EventBatch> waiting = [];
    private readonly Queue<Page> pages = [];
    private EventCursor[] cursors = [];
    private long lastNumber;
    private int nextPartition;

    public async Task Initialize(TimeSpan timeout)
    {
        cursors = await place.TakeAsync(CancellationToken.None);
        lastNumber = place.FirstNumber;
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
        if (messages.Count == 0)
            return;
        // They leave the cache in the order of their numbers; what was passed by leaves it with them, and is not named.
        var through = messages.Max(message => message.SequenceToken.SequenceNumber);
        while (pages.TryPeek(out var first) && first.LastNumber <= through)
            place.Delivered(pages.Dequeue().Through);
        await SaveAsync(isEnd: false);
    }

    public Task Shutdown(TimeSpan timeout) => SaveAsync(isEnd: true);

    /// <summary>A consumer did not take an event in time: the stream goes on without it, and what it was is told and kept.</summary>
    public async Task WasNotDeliveredAsync(StreamId stream, StreamSequenceToken? token)
    {
        metrics.BecameADeadLetter();
        var number = token?.SequenceNumber ?? 0;
        var page = pages.FirstOrDefault(one => number <= one.LastNumber);
        var of = page?.Find(number)?.Event;
        StreamsLog.DeadLetter(
            log,
            stream.GetNamespace(),
            of?.Sequence ?? 0,
            page?.Through.Partition ?? 0,
            page?.From ?? 0,
            page?.Through.Position ?? 0
        );
        if (page is null || of is null)
            return;
        try
        {
            await deadLetters.AddAsync(page.DeadLetterOf(of, number, stream, clock.Time.GetUtcNow()), CancellationToken.None);
        }
        catch (Exception exception)
        {
            // What is in the log is all that there is of it: the queue goes on.
            StreamsLog.NotKept(log, exception);
        }
    }

    /// <summary>A consumer could not subscribe.</summary>
    public void WasNotSubscribed(StreamId stream) => StreamsLog.SubscriptionFailed(log, stream.GetNamespace());

    private async Task SaveAsync(bool isEnd)
    {
        try
        {
            await place.SaveAsync(isEnd, CancellationToken.None);
        }
        catch (Exception exception)
        {
            StreamsLog.ReadFailed(log, exception);
        }
    }

    // Until there is something for this queue: most of a feed is of others.
    private async Task ReadAsync(int partition)
    {
        var began = clock.Time.GetTimestamp();
        EventPage page;
        do
        {
            var before = cursors[partition];
            page = await reader.ReadAsync(
                before,
                EventsOfPage,
                EventKinds.All,
                range => streams.MayBeMine(range.LedgerId),
                of => streams.Of(of) is not (null, null),
                CancellationToken.None
            );
            if (page.State != EventCursorState.Good)
            {
                StreamsLog.CursorLost(log, page.State, cursors[partition].ToString(), page.Next.ToString());
                metrics.LostPlace();
            }

            cursors[partition] = page.Next;
            Add(page, before);
        } while (page.HasMore && waiting.Count == 0 && clock.Time.GetElapsedTime(began) < LongestReading);
    }

    private void Add(EventPage read, EventCursor before)
    {
        if (read.Through == 0)
            return;
        var batches = new List<EventBatch>();
        foreach (var of in read.Events)
        {
            var (events, billing) = streams.Of(of);
            if (events is { } all)
                batches.Add(new EventBatch(all, of, new EventSequenceTokenV2(++lastNumber)));
            if (billing is { } bills && of is ChargeEvent)
                batches.Add(new EventBatch(bills, of, new EventSequenceTokenV2(++lastNumber)));
        }

        var page = new Page(before, read.From, read.Next, lastNumber, batches);
        foreach (var batch in batches)
            waiting.Enqueue(batch);
        if (batches.Count > 0)
            pages.Enqueue(page);
        else if (pages.Count == 0)
            place.Delivered(read.Next);
        // Else the next page says as much, once what is under way has been delivered.
    }

    // What was read at once. Its last number is that of its last event, or of the last before it.
    private sealed record Page(EventCursor Before, long From, EventCursor Through, long LastNumber, List<EventBatch> Batches)
    {
        public EventBatch? Find(long number) => Batches.Find(batch => batch.SequenceToken.SequenceNumber == number);

        public BudgetStreamDeadLetter DeadLetterOf(BudgetEvent of, long number, StreamId stream, DateTimeOffset at) =>
            new()
            {
                At = at,
                Namespace = stream.GetNamespace() ?? "",
                Key = stream.GetKeyAsString(),
                EventId = of.Id,
                Type = of.Type,
                Ledger = of.Origin.Ledger,
                Sequence = of.Sequence,
                Cursor = Before.ToString(),
                From = From,
                Through = Through.Position,
                Partition = Through.Partition,
                Row = FormattableString.Invariant($"{at.UtcTicks:x16}.{number:x16}"),
            };
    }
}
