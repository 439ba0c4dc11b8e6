using AgentBudget.Orleans.Feed;
using AgentBudget.Orleans.Storage;
using Microsoft.Extensions.Logging;
using Orleans.Providers.Streams.Common;
using Orleans.Streams;

namespace AgentBudget.Orleans.Streams;

/// <summary>
/// The feed as one queue reads it: for all of its streams at once, and, for those that do not keep up, for each by itself. What is read
/// goes into the streams' lanes. A partition that is away rests by itself, and is taken over when it is back; the others go on.
/// </summary>
internal sealed class FeedOfQueue(
    EventReader reader,
    StreamsOfQueue streams,
    QueueLanes lanes,
    QueuePlace place,
    BudgetStreamsOptions options,
    LedgerMetrics metrics,
    LedgerClock clock,
    ILogger log
)
{
    private const int EventsOfPage = 256;
    private static readonly TimeSpan LongestReading = TimeSpan.FromSeconds(1);

    private readonly PartitionRests rests = new(reader.Partitions, options.PollInterval);
    private readonly List<IBatchContainer> readNow = [];
    private bool hasBegun;
    private long lastNumber;
    private int nextPartition;
    private int turn;

    /// <summary>How many partitions the feed has.</summary>
    public int Partitions => reader.Partitions;

    /// <summary>How far the queue is.</summary>
    public FeedProgress Progress { get; } = new(reader.Partitions);

    /// <summary>Takes the queue over from whoever had it, in those partitions that are there.</summary>
    public async Task BeginAsync()
    {
        if (hasBegun)
            return;
        var known = new List<FeedConsumerRow>();
        for (var partition = 0; partition < reader.Partitions; partition++)
        {
            await TryAsync(
                partition,
                async at =>
                {
                    known.AddRange(await place.KnownAsync(at, CancellationToken.None));
                    hasBegun = true;
                }
            );
        }

        if (!hasBegun)
            return;
        place.Begin(known);
        lastNumber = place.FirstNumber;
        for (var partition = 0; partition < reader.Partitions; partition++)
            await TryAsync(partition, TakeAsync);
    }

    /// <summary>Reads on, until there is something for this queue: most of a feed is of others.</summary>
    public async Task ReadAsync()
    {
        for (var i = 0; i < reader.Partitions && hasBegun && readNow.Count == 0 && Progress.Unfinished < options.CacheSize; i++)
        {
            var partition = nextPartition;
            nextPartition = (nextPartition + 1) % reader.Partitions;
            await TryAsync(partition, ReadAsync);
        }
    }

    /// <summary>Reads on for the streams that go by themselves, up to where the queue is.</summary>
    public async Task ReadWaitingAsync()
    {
        StreamLane[] waiting = [.. lanes.All.Where(lane => lane.Own is not null)];
        var began = clock.Time.GetTimestamp();
        turn++;
        for (var i = 0; i < waiting.Length && clock.Time.GetElapsedTime(began) < LongestReading; i++)
        {
            var lane = waiting[(turn + i) % waiting.Length];
            for (var partition = 0; partition < reader.Partitions; partition++)
            {
                if (lane is { Own: { } own, Count: < EventsOfPage } && own.IsBehind(Progress, partition))
                    await TryAsync(partition, at => ReadWaitingAsync(lane, own, at));
            }
        }
    }

    /// <summary>Takes what was read since the last time.</summary>
    public IReadOnlyList<IBatchContainer> TakeRead()
    {
        IBatchContainer[] taken = [.. readNow];
        readNow.Clear();
        return taken;
    }

    /// <summary>Writes down what has changed, if it is time to.</summary>
    public async Task SaveAsync(bool isEnd)
    {
        if (!isEnd && !place.TakeDue())
            return;
        for (var partition = 0; partition < reader.Partitions; partition++)
            await TryAsync(partition, SaveAsync, isEnd);
    }

    private Task SaveAsync(int partition)
    {
        if (Progress.Done(partition) is not { } done)
            return Task.CompletedTask;
        var waiting = lanes.All.Where(lane => lane.Own is not null).ToDictionary(lane => lane.Stream, lane => lane.Own!.Done(partition)!);
        return place.SaveAsync(partition, done, waiting, CancellationToken.None);
    }

    private async Task TakeAsync(int partition)
    {
        var begin = await place.TakeAsync(partition, CancellationToken.None);
        Progress.Begin(begin.Cursor);
        foreach (var lane in lanes.All)
            lane.Own?.Begin(begin.Cursor);
        foreach (var (stream, cursor) in begin.Waiting)
        {
            var lane = lanes.Of(stream);
            if (lane.Own is null)
                metrics.StreamsWait(1);
            var own = lane.Own ?? lane.GoByItself(Progress, reader.Partitions);
            own.Begin(cursor);
        }
    }

    private async Task ReadAsync(int partition)
    {
        if (Progress.Read(partition) is null)
            await TakeAsync(partition);
        var began = clock.Time.GetTimestamp();
        bool hasMore;
        do
        {
            hasMore = await ReadPageAsync(
                Progress,
                partition,
                long.MaxValue,
                range => streams.MayBeMine(range.LedgerId),
                of => LanesOf(of).Where(lane => lane.Own is null)
            );
        } while (hasMore && readNow.Count == 0 && clock.Time.GetElapsedTime(began) < LongestReading);
    }

    private Task<bool> ReadWaitingAsync(StreamLane lane, FeedProgress own, int partition) =>
        ReadPageAsync(
            own,
            partition,
            Progress.Read(partition)!.Position,
            range => StreamsOfQueue.MayBeOf(lane.Stream, range.LedgerId),
            of => LanesOf(of).Where(one => one == lane)
        );

    private async Task<bool> ReadPageAsync(
        FeedProgress progress,
        int partition,
        long through,
        Func<FeedRange, bool> inRange,
        Func<BudgetEvent, IEnumerable<StreamLane>> lanesOf
    )
    {
        var before = progress.Read(partition)!;
        var read = await reader.ReadAsync(
            before,
            EventsOfPage,
            EventKinds.All,
            inRange,
            of => streams.Of(of) is not (null, null),
            CancellationToken.None,
            through
        );
        if (read.State != EventCursorState.Good)
        {
            StreamsLog.CursorLost(log, read.State, before.ToString(), read.Next.ToString());
            metrics.LostPlace();
        }

        if (read.Through == 0)
        {
            progress.Begin(read.Next);
            return read.HasMore;
        }

        (BudgetEvent Event, StreamLane Lane)[] events = [.. read.Events.SelectMany(of => lanesOf(of).Select(lane => (of, lane)))];
        var page = new FeedPage(before, read.From, read.Next, events.Length);
        progress.Add(page);
        foreach (var (of, lane) in events)
        {
            var batch = new EventBatch(lane.Stream, of, new EventSequenceTokenV2(++lastNumber));
            lane.Add(new LaneItem(batch, page, clock.Time.GetUtcNow()));
            readNow.Add(batch);
        }

        return read.HasMore;
    }

    private IEnumerable<StreamLane> LanesOf(BudgetEvent of)
    {
        var (events, billing) = streams.Of(of);
        if (events is { } all)
            yield return lanes.Of(all);
        if (billing is { } bills && of is ChargeEvent)
            yield return lanes.Of(bills);
    }

    private async Task TryAsync(int partition, Func<int, Task> act, bool isEnd = false)
    {
        if (!isEnd && rests.IsResting(partition, clock.Time.GetUtcNow()))
            return;
        try
        {
            await act(partition);
            rests.Passed(partition);
        }
        catch (Exception exception)
        {
            StreamsLog.PartitionFailed(log, exception, partition);
            rests.Failed(partition, clock.Time.GetUtcNow());
        }
    }
}
