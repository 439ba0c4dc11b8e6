using AgentBudget.Orleans.Sqlite.Journal;
using AgentBudget.Orleans.Sqlite.Tests.Storage;
using AgentBudget.Orleans.Storage;
using AgentBudget.StoreContract;

namespace AgentBudget.Orleans.Sqlite.Tests.Feed;

/// <summary>Rows of the feed come into their table by way of the journal: whenever a process ends, each is there once.</summary>
public sealed class FeedJournalTests : IDisposable
{
    private readonly LedgerFolder folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Append_WritesTheJournalAndNoRowOfTheTable()
    {
        await OpenAsync();
        var session = new GrowingSession("session");
        folder.WriteToJournal(session.Open(), session.Charge(), session.Charge());
        Assert.Equal(0, folder.Scalar("SELECT count(*) FROM feed"));
        Assert.Equal(3, folder.Scalar("SELECT count(*) FROM journal"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Feed_OfAProcessThatWasKilled_IsReadByTheNextOne(bool isReadOnly)
    {
        await OpenAsync();
        var session = new GrowingSession("session");
        folder.WriteToJournal(session.Open(), session.Charge(), session.Charge(["a", "b"]));
        using var store = await folder.StartAsync(isReadOnly: isReadOnly);
        var rows = await store.Feed.ReadFeedAsync(0, 1, 10, EventKinds.All, Token);
        Assert.Equal([1L, 2L, 3L], rows.Select(row => row.Position));
        Assert.Equal(
            [
                new FeedRange("session", 1, 1, 0, EventKinds.Others),
                new FeedRange("session", 2, 1, 1, EventKinds.Charges),
                new FeedRange("session", 3, 2, 2, EventKinds.Charges),
            ],
            rows.SelectMany(row => row.Ranges)
        );
        var ends = await store.Feed.FeedEndsAsync(0, Token);
        Assert.Equal(new FeedEnds(1, rows[0].At, 3, rows[2].BatchId), ends);
        Assert.Equal([2L], (await store.Feed.ReadFeedAsync(0, 2, 1, EventKinds.All, Token)).Select(row => row.Position));
        if (isReadOnly)
            return;
        Assert.Equal(3, folder.Scalar("SELECT count(*) FROM feed"));
        Assert.Equal([AppendOutcome.Written], await store.AppendAsync([session.Charge()]));
        Assert.Equal(4, (await store.Feed.FeedEndsAsync(0, Token)).Last);
    }

    [Fact]
    public async Task Feed_OfASessionThatIsSetAside_IsThereAllTheSame()
    {
        await OpenAsync();
        var session = new GrowingSession("session");
        folder.WriteToJournal(session.Open());
        using (await folder.StartAsync()) { }
        folder.WriteToJournal(session.Charge());
        // A run stands where its own would go, so the tables do not take it.
        folder.Insert(
            "entry_run",
            insert => insert.Bind(folder.Scalar("SELECT no FROM ledger_head")).Bind(2).Bind(99).Bind(1).BindNull().BindNull().BindChecksum()
        );
        using var store = await folder.StartAsync();
        Assert.Equal(1, folder.Scalar("SELECT count(*) FROM set_aside"));
        Assert.Equal([1L, 2L], (await store.Feed.ReadFeedAsync(0, 1, 10, EventKinds.All, Token)).Select(row => row.Position));
        Assert.Equal(2, folder.Scalar("SELECT count(*) FROM feed"));
    }

    /// <summary>A filling of the tables that fails takes nothing of the feed out of the journal.</summary>
    [Fact]
    public async Task Feed_WhenItsTableDoesNotTakeARow_IsReadAndWrittenOnceItDoes()
    {
        var session = new GrowingSession("session");
        using var store = await folder.StartAsync();
        await store.AppendAsync([session.Open()]);
        await store.Feed.TrimFeedAsync(0, 1, Token);
        folder.Insert("feed", insert => insert.Bind(3).Bind(9).Bind(9).BindBlob([1]).BindChecksum());
        await store.AppendAsync([session.Charge()]);
        await store.AppendAsync([session.Charge()]);
        await Assert.ThrowsAnyAsync<Exception>(() => store.Feed.TrimFeedAsync(0, 1, Token).AsTask());
        folder.Execute("DELETE FROM feed WHERE position = 3");
        Assert.Equal([1L, 2L, 3L], (await store.Feed.ReadFeedAsync(0, 1, 10, EventKinds.All, Token)).Select(row => row.Position));
        await store.Feed.TrimFeedAsync(0, 1, Token);
        Assert.Equal(3, folder.Scalar("SELECT count(*) FROM feed WHERE batch_id <> 9"));
        Assert.Equal([1L, 2L, 3L], (await store.Feed.ReadFeedAsync(0, 1, 10, EventKinds.All, Token)).Select(row => row.Position));
    }

    [Fact]
    public async Task Feed_ReadWhileTheTablesAreFilled_ShowsEachRowWithItsEntries()
    {
        using var store = await folder.StartAsync();
        var session = new GrowingSession("session");
        await store.AppendAsync([session.Open()]);
        var writing = Task.Run(
            async () =>
            {
                for (var i = 0; i < 400; i++)
                    await store.AppendAsync([session.Charge()]);
            },
            Token
        );
        var filling = Task.Run(
            async () =>
            {
                while (!writing.IsCompleted)
                    await store.Feed.TrimFeedAsync(0, 1, Token);
            },
            Token
        );
        var seen = 0L;
        while (true)
        {
            var isDone = writing.IsCompleted;
            var rows = await store.Feed.ReadFeedAsync(0, seen + 1, 7, EventKinds.All, Token);
            Assert.Equal(rows.Select((_, i) => seen + 1 + i), rows.Select(row => row.Position));
            var read = await store.Feed.ReadRangesAsync(0, [.. rows.SelectMany(row => row.Ranges)], Token);
            Assert.Equal(rows.Select(row => row.Position), read.SelectMany(entries => entries).Select(entry => entry.Sequence));
            seen += rows.Count;
            if (rows.Count == 0 && isDone)
                break;
        }

        await writing;
        await filling;
        Assert.Equal(401, seen);
    }

    [Fact]
    public void Piece_AsBytes_IsAsItWasStored()
    {
        var piece = new FeedPiece(Position: 5, BatchId: 2, AtUtcTicks: 3, new byte[] { 7, 8 });
        var bytes = new byte[piece.Length];
        piece.Write(bytes);
        const string stored = "0000000000000000" + "0200000000000000" + "0300000000000000" + "02000000" + "0500000000000000" + "0708";
        Assert.Equal(stored, Convert.ToHexString(bytes));
        var read = FeedPiece.Read([0, .. bytes], 1);
        Assert.Equal((5L, 2L, 3L), (read.Position, read.BatchId, read.AtUtcTicks));
        Assert.Equal([7, 8], read.Ranges.ToArray());
    }

    /// <summary>Steps at random: batches, sessions moved into the tables, trims, ends of the process with and without a stop.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Feed_WhateverHappens_HasEachBatchOnceAndInOrder(int seed)
    {
        var random = new Random(seed);
        var sessions = Enumerable.Range(0, 5).Select(i => new GrowingSession($"session-{i}")).ToArray();
        var written = new List<string>();
        var (file, trimmed) = (folder.FilePath, 0L);
        var store = await folder.StartAsync();
        try
        {
            await WriteAsync(store, written, [.. sessions.Select(session => session.Open())]);
            for (var step = 0; step < 120; step++)
            {
                var session = sessions[random.Next(sessions.Length)];
                switch (random.Next(10))
                {
                    case < 5:
                        await WriteAsync(store, written, session.Charge());
                        break;
                    case 5:
                        await WriteAsync(store, written, [.. sessions.Where(_ => random.Next(2) == 0).Select(one => one.Charge())]);
                        break;
                    case 6:
                        await store.RescheduleAsync(session.Id, session.Head.Life, session.Head.Sequence, session.DueAt, Token);
                        break;
                    case 7:
                        await store.Feed.TrimFeedAsync(0, trimmed = Math.Max(trimmed, random.Next(written.Count)), Token);
                        break;
                    case 8:
                        var left = random.Next(2) == 0 ? folder.CopyAsLeft($"left-{step}", file) : null;
                        store.Dispose();
                        store = await folder.StartAsync(file = left ?? file);
                        break;
                }

                await AssertFeedAsync(store, written, trimmed, random);
            }
        }
        finally
        {
            store.Dispose();
        }
    }

    private async Task OpenAsync()
    {
        using (await folder.StartAsync()) { }
    }

    private static async Task WriteAsync(SqliteLedgerStore store, List<string> written, params LedgerAppend[] appends)
    {
        if (appends.Length == 0)
            return;
        Assert.All(await store.AppendAsync(appends), outcome => Assert.Equal(AppendOutcome.Written, outcome));
        written.Add(string.Join(' ', appends.Select(append => $"{append.Head.SessionId}:{append.Entries[0].Sequence}")));
    }

    // What was trimmed is gone, and nothing else.
    private static async Task AssertFeedAsync(SqliteLedgerStore store, List<string> written, long trimmed, Random random)
    {
        var rows = await store.Feed.ReadFeedAsync(0, 1, 1_000, EventKinds.All, Token);
        var first = rows[0].Position;
        Assert.Equal(Math.Max(1, trimmed), first);
        Assert.Equal(written.Skip((int)first - 1), rows.Select(RangesOf));
        Assert.Equal(Enumerable.Range(0, rows.Count).Select(i => first + i), rows.Select(row => row.Position));
        var ends = await store.Feed.FeedEndsAsync(0, Token);
        Assert.Equal(new FeedEnds(first, rows[0].At, written.Count, rows[^1].BatchId), ends);
        var (from, count) = (random.Next(1, written.Count + 2), random.Next(1, 8));
        Assert.Equal(
            rows.Where(row => row.Position >= from).Take(count).Select(row => row.Position),
            (await store.Feed.ReadFeedAsync(0, from, count, EventKinds.All, Token)).Select(row => row.Position)
        );
    }

    private static string RangesOf(FeedRow row) => string.Join(' ', row.Ranges.Select(range => $"{range.LedgerId}:{range.First}"));
}
