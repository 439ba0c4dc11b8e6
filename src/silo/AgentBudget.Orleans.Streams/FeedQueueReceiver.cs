using Microsoft.Extensions.Logging;
using Orleans.Streams;

namespace AgentBudget.Orleans.Streams;

/// <summary>
/// One queue, as Orleans asks for it: reads the feed, says which streams go by themselves, keeps dead letters, and writes down how far all
/// of that is. Called in the turns of Orleans' pulling agent, one at a time; deliveries go on between them.
/// </summary>
internal sealed class FeedQueueReceiver(
    FeedOfQueue feed,
    QueueLanes lanes,
    DeadLetterKeeping deadLetters,
    BudgetStreamsOptions options,
    LedgerMetrics metrics,
    LedgerClock clock,
    ILogger log
) : IQueueAdapterReceiver
{
    private readonly int partitions = feed.Partitions;
    private bool isFull;

    public Task Initialize(TimeSpan timeout) => feed.BeginAsync();

    public async Task<IList<IBatchContainer>> GetQueueMessagesAsync(int maxCount)
    {
        var messages = new List<IBatchContainer>();
        try
        {
            lanes.Tidy();
            var now = clock.Time.GetUtcNow();
            LookAfterStreams(now);
            messages.AddRange(lanes.All.Select(lane => lane.TakeReminder(now)).OfType<IBatchContainer>());
            // A start that failed, for the store was away, is caught up on.
            await feed.BeginAsync();
            await feed.ReadAsync();
            await feed.ReadWaitingAsync();
            await deadLetters.KeepAsync(lanes, now);
            await feed.SaveAsync(isEnd: false);
        }
        catch (Exception exception)
        {
            StreamsLog.ReadFailed(log, exception);
        }

        messages.AddRange(feed.TakeRead());
        return messages;
    }

    // The lanes know.
    public Task MessagesDeliveredAsync(IList<IBatchContainer> messages) => Task.CompletedTask;

    public Task Shutdown(TimeSpan timeout)
    {
        metrics.StreamsWait(-lanes.All.Count(lane => lane.Own is not null));
        return feed.SaveAsync(isEnd: true);
    }

    private void LookAfterStreams(DateTimeOffset now)
    {
        var all = lanes.All;
        foreach (var lane in all.Where(lane => lane.Count == 0 && lane.Own?.HasCaughtUpWith(feed.Progress) == true))
        {
            lane.Rejoin();
            metrics.StreamsWait(-1);
            StreamsLog.Rejoined(log, lane.Stream.GetNamespace());
        }

        var places = QueuePlace.MaxWaiting - all.Count(lane => lane.Own is not null);
        var slow = all.Where(lane => lane.Own is null && DoesNotKeepUp(lane, now)).ToArray();
        foreach (var lane in slow.Take(places))
        {
            lane.GoByItself(feed.Progress, partitions);
            metrics.StreamsWait(1);
            StreamsLog.GoesByItself(log, lane.Stream.GetNamespace());
        }

        // Then it is no matter of one consumer, and the queue waits as well.
        if (slow.Length > places && !isFull)
            StreamsLog.QueueWaits(log, QueuePlace.MaxWaiting);
        isFull = slow.Length > places;
    }

    private bool DoesNotKeepUp(StreamLane lane, DateTimeOffset now) =>
        lane.Count > options.CacheSize / 4 || (lane.Oldest is { } oldest && now - oldest.ReadAt >= options.MaxDeliveryTime);
}
