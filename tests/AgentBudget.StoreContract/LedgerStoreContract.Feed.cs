using AgentBudget.Orleans.Storage;

namespace AgentBudget.StoreContract;

/// <summary>The feed: what was written, in order, without a gap and once.</summary>
public abstract partial class LedgerStoreContract
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Feed_OfBatches_HasARowForEachThatHasEvents(bool caughtUp)
    {
        var ids = OfOnePartition(2);
        var (one, two) = (new GrowingSession(ids[0]), new GrowingSession(ids[1]));
        await WriteAsync(one.Open(), two.Open());
        await WriteAsync(one.Reserve("set aside"));
        await WriteAsync(one.Do(new SettleCommand { ReservationId = 2, Cost = Money.Parse("0.05") }), two.Reserve("other"));
        await WriteAsync(two.Charge(["a", "b"]));
        if (caughtUp)
            await CatchUpAsync();

        var rows = await FeedAsync(ids[0]);
        // A row for each batch, or for each append.
        Assert.Equal(Enumerable.Range(1, rows.Count).Select(i => (long)i), rows.Select(row => row.Position));
        Assert.Equal(rows.Count, rows.Select(row => row.BatchId).Distinct().Count());
        FeedRange[] ranges =
        [
            new(one.Id, 1, 1, 0, EventKinds.Others),
            new(two.Id, 1, 1, 0, EventKinds.Others),
            new(one.Id, 3, 1, 1, EventKinds.Charges),
            new(two.Id, 3, 2, 1, EventKinds.Charges),
        ];
        Assert.Equal(ranges, rows.SelectMany(row => row.Ranges));
        var read = await Store.Feed.ReadRangesAsync(Store.PartitionOf(one.Id), ranges, Token);
        AssertSame([.. one.Entries.Take(1)], read[0]);
        AssertSame([.. two.Entries.TakeLast(2)], read[3]);
        var last = rows[^1].Position;
        Assert.Equal(
            [last],
            (await Store.Feed.ReadFeedAsync(Store.PartitionOf(one.Id), last, 10, EventKinds.All, Token)).Select(row => row.Position)
        );
        Assert.Empty(await Store.Feed.ReadFeedAsync(Store.PartitionOf(one.Id), last + 1, 10, EventKinds.All, Token));

        // All rows, whatever is asked for, and of their ranges those that have it.
        foreach (var kinds in new[] { EventKinds.None, EventKinds.Charges, EventKinds.Others })
        {
            var some = await Store.Feed.ReadFeedAsync(Store.PartitionOf(one.Id), 1, 10, kinds, Token);
            Assert.Equal(rows.Select(row => row.Position), some.Select(row => row.Position));
            Assert.Equal(ranges.Where(range => (range.Kinds & kinds) != 0), some.SelectMany(row => row.Ranges));
        }
    }

    [Fact]
    public async Task Feed_OfAnEmptyStore_HasNothing()
    {
        Assert.Empty(await FeedAsync("one"));
        Assert.Equal(default, await Store.Feed.FeedEndsAsync(0, Token));
        await Store.Feed.TrimFeedAsync(0, 100, Token);
    }

    [Fact]
    public async Task Feed_FencedOrSentAgain_HasNoSecondRow()
    {
        var session = await OpenedAsync("session");
        var twin = session.Twin();
        var append = session.Charge("one");
        await WriteAsync(append);
        Assert.Equal(AppendOutcome.Fenced, await AppendAsync(twin.Charge("two")));
        await WriteAsync(append);
        Assert.Equal([1L, 2L], (await FeedAsync("session")).Select(row => row.Position));
    }

    [Fact]
    public async Task Feed_OfManyWriters_HasEveryEntryOnceAndInTheOrderOfItsLedger()
    {
        const int sessions = 24;
        const int charges = 40;
        var all = OfOnePartition(sessions);
        var partition = Store.PartitionOf(all[0]);
        var seen = new List<FeedRow>();
        var writing = Task.WhenAll(
            all.Select(id =>
                Task.Run(
                    async () =>
                    {
                        var session = await OpenedAsync(id);
                        for (var i = 0; i < charges; i++)
                            await WriteAsync(i % 3 == 0 ? session.Reserve() : session.Charge());
                        return session;
                    },
                    Token
                )
            )
        );
        // A reader that goes along sees each position once it is there, and never one before its neighbour.
        while (true)
        {
            var isDone = writing.IsCompleted;
            var rows = await Store.Feed.ReadFeedAsync(partition, seen.Count + 1, 50, EventKinds.All, Token);
            seen.AddRange(rows);
            FeedRange[] ranges = [.. rows.SelectMany(row => row.Ranges)];
            var read = await Store.Feed.ReadRangesAsync(partition, ranges, Token);
            Assert.Equal(ranges.Select(range => range.Count), read.Select(entries => entries.Count));
            if (rows.Count == 0 && isDone)
                break;
        }

        Assert.Equal(Enumerable.Range(1, seen.Count).Select(i => (long)i), seen.Select(row => row.Position));
        foreach (var session in await writing)
        {
            var ranges = seen.SelectMany(row => row.Ranges).Where(range => range.LedgerId == session.Id).ToArray();
            var previous = 0L;
            var events = new List<long>();
            foreach (var range in ranges)
            {
                Assert.Equal(previous, range.PreviousEvent);
                foreach (var entry in session.Entries.Skip((int)range.First - 1).Take(range.Count).Where(BudgetEvents.Any))
                    events.Add(previous = entry.Sequence);
            }

            Assert.Equal(session.Entries.Where(BudgetEvents.Any).Select(entry => entry.Sequence), events);
        }
    }

    [Fact]
    public async Task Feed_Trimmed_GoesOnCounting()
    {
        var session = await OpenedAsync("session");
        for (var i = 0; i < 5; i++)
            await WriteAsync(session.After(TimeSpan.FromHours(1)).Charge());
        var partition = Store.PartitionOf("session");
        await Store.Feed.TrimFeedAsync(partition, 3, Token);
        Assert.Equal([3L, 4L, 5L, 6L], (await FeedAsync("session")).Select(row => row.Position));
        await Store.Feed.TrimFeedAsync(partition, long.MaxValue, Token);
        await CatchUpAsync();
        var last = Assert.Single(await FeedAsync("session"));
        Assert.Equal(new FeedEnds(6, GrowingSession.Start.AddHours(5), 6, last.BatchId), await Store.Feed.FeedEndsAsync(partition, Token));
        await WriteAsync(session.Charge());
        Assert.Equal([6L, 7L], (await FeedAsync("session")).Select(row => row.Position));
    }

    [Fact]
    public async Task Feed_OfAPurgedLedger_LeavesItOut()
    {
        var ids = OfOnePartition(2);
        var (gone, kept) = (new GrowingSession(ids[0]), new GrowingSession(ids[1]));
        await WriteAsync(gone.Open(), kept.Open());
        await CatchUpAsync();
        await Store.PurgeAsync(gone.Id, gone.Head.Life, 1, Token);
        var ranges = (await FeedAsync(kept.Id)).SelectMany(row => row.Ranges).ToArray();
        var read = await Store.Feed.ReadRangesAsync(Store.PartitionOf(kept.Id), ranges, Token);
        Assert.Equal(1, read.Sum(entries => entries.Count));
    }

    [Fact]
    public async Task FeedConsumers_AreKeptUntilTheyAreDeleted()
    {
        var (first, second) = (
            new FeedConsumerRow("a", "0:5.ff", 5, GrowingSession.Start),
            new FeedConsumerRow("größe '", "0:", 0, GrowingSession.Start)
        );
        await Store.Feed.SaveConsumerAsync(0, second, Token);
        await Store.Feed.SaveConsumerAsync(0, first with { Position = 3 }, Token);
        await Store.Feed.SaveConsumerAsync(0, first, Token);
        Assert.Equal([first, second], await Store.Feed.ReadConsumersAsync(0, Token));
        await CatchUpAsync();
        await Store.Feed.DeleteConsumerAsync(0, "a", Token);
        await Store.Feed.DeleteConsumerAsync(0, "never", Token);
        Assert.Equal([second], await Store.Feed.ReadConsumersAsync(0, Token));
    }

    [Fact]
    public async Task FeedConsumer_UnderAnOlderEpoch_ChangesNothing()
    {
        var now = new FeedConsumerRow("a", "0:5.ff", 5, GrowingSession.Start, 3);
        await Store.Feed.SaveConsumerAsync(0, now, Token);
        await Store.Feed.SaveConsumerAsync(0, now with { Position = 9, Epoch = 2 }, Token);
        Assert.Equal([now], await Store.Feed.ReadConsumersAsync(0, Token));
        await Store.Feed.SaveConsumerAsync(0, now with { Position = 9, Epoch = 4 }, Token);
        Assert.Equal([now with { Position = 9, Epoch = 4 }], await Store.Feed.ReadConsumersAsync(0, Token));
    }

    // Positions are those of a partition.
    private string[] OfOnePartition(int count) =>
        [.. Enumerable.Range(0, 1_000).Select(i => $"session-{i}").Where(id => Store.PartitionOf(id) == 0).Take(count)];

    private async Task<IReadOnlyList<FeedRow>> FeedAsync(string ofLedger) =>
        await Store.Feed.ReadFeedAsync(Store.PartitionOf(ofLedger), 1, 1_000, EventKinds.All, Token);
}
