using AgentBudget.Orleans.Storage;
using AgentBudget.StoreContract;

namespace AgentBudget.Orleans.Sqlite.Tests.Storage;

/// <summary>What was acknowledged is there after a stop, and after an end without one.</summary>
public sealed class RestartTests : IDisposable
{
    private readonly LedgerFolder folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Ledger_OpenedAgain_HoldsEverythingAndGoesOn(bool wasStopped)
    {
        var session = new GrowingSession("session", "acme") { DueAt = GrowingSession.Start.AddHours(3) };
        var file = await WriteAsync(wasStopped, session.Open(), session.Charge(["one", "two", "three"]), session.Reserve("reserve"));
        using var store = await folder.StartAsync(file);
        var stored = (await store.LoadAsync("session", Token))!;
        Assert.Equivalent(session.Head, stored.Head, strict: true);
        Assert.Equal(session.OpenReservations, stored.OpenReservations);
        Assert.Equal(session.DueAt, stored.DueAt);
        Assert.Equivalent(session.Entries, await store.ReadAsync("session", 1, 100, Token), strict: true);
        foreach (var key in new[] { "one", "two", "three", "reserve" })
            Assert.Equal(key, (await store.FindByKeyAsync("session", key, Token))?.Key);
        Assert.Equal(["session"], await store.FindDueAsync(session.DueAt, 0, 10, Token));

        Assert.Equal([AppendOutcome.Fenced], await store.AppendAsync([session.Twin().Charge("two")]));
        Assert.Equal(
            [AppendOutcome.Written],
            await store.AppendAsync([session.Do(new SettleCommand { ReservationId = 5, Cost = Money.Parse("0.20") })])
        );
        Assert.Equal(6, (await store.LoadAsync("session", Token))!.Head.Sequence);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Append_SentAgainAfterARestart_IsRecognised(bool wasStopped)
    {
        var session = new GrowingSession("session");
        var open = session.Open();
        var charge = session.Charge("key");
        var file = await WriteAsync(wasStopped, open, charge);
        using var store = await folder.StartAsync(file);
        Assert.Equal([AppendOutcome.Written], await store.AppendAsync([charge]));
        Assert.Equal(2, (await store.ReadAsync("session", 1, 100, Token)).Count);
    }

    [Fact]
    public async Task Purge_OfASession_LeavesNoRowOfItInAnyTable()
    {
        var session = new GrowingSession("session", "acme");
        using (var store = await folder.StartAsync())
        {
            await store.AppendAsync([session.Open(), new GrowingSession("other").Open()]);
            await store.AppendAsync([session.Charge(["two", "one"])]);
            await store.AppendAsync([session.Reserve("reserve")]);
            await store.AppendAsync([
                session.Do(
                    new ReserveCommand { Amount = Money.Zero, Call = Call.Model("gpt-5") },
                    new ReleaseCommand { ReservationId = 4 }
                ),
            ]);
            await store.PurgeAsync("session", session.Head.Life, session.Head.Sequence, Token);
        }

        // What the journal holds goes with the next start at the latest.
        using (await folder.StartAsync())
        {
            foreach (var table in new[] { "entry", "entry_run", "ledger_head" })
                Assert.Equal(1, folder.Scalar($"SELECT count(*) FROM {table}"));
        }

        const string tables = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";
        string[] empty = ["entry_key", "entry_related", "side_row", "journal", "set_aside", "purge_queue", "feed_consumer", "delivery"];
        // The feed says numbers of ledgers and entries, and goes by its own retention.
        string[] kept = ["entry", "entry_run", "ledger_head", "feed"];
        Assert.Equal(empty.Length + kept.Length, folder.Scalar(tables));
        foreach (var table in empty)
            Assert.Equal(0, folder.Scalar($"SELECT count(*) FROM {table}"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Start_AfterACrashOrAStop_FindsHoldersAndLivesAsTheyWere(bool stop)
    {
        var session = new GrowingSession("session");
        LedgerAppend[] appends =
        [
            session.Open(),
            session.Fund(["child", "other"]),
            session.Hear(new HolderSays("child", 42), new HolderSays("other", 43)),
            session.Hear(
                new HolderSays("child", 42)
                {
                    Through = 5,
                    Spent = "0.25",
                    IsSealed = true,
                }
            ),
            session.Hear(new HolderSays("other", 43) { Through = 6, Spent = "0.5" }),
        ];
        var file = await WriteAsync(stop, appends);
        using var store = await folder.StartAsync(file);
        var stored = (await store.LoadAsync("session", Token))!;
        Assert.Equal(session.OpenHolders, stored.OpenHolders);
        Assert.Equal(session.Head.Life, stored.Head.Life);
        var closed = (await store.FindHolderAsync("session", "child", 42, Token))!;
        Assert.Equal((HolderEnd.Sealed, Money.Parse("0.25")), (closed.End, closed.Spent));
        var earlier = session.Charge("key");
        earlier = earlier with { Head = earlier.Head with { OpenedAt = earlier.Head.OpenedAt.AddTicks(1) } };
        Assert.Equal([AppendOutcome.Fenced], await store.AppendAsync([earlier]));
    }

    [Fact]
    public async Task Purge_BrokenOffByTheEndOfTheProcess_IsFinishedAtTheNextStart()
    {
        var session = new GrowingSession("session");
        var other = new GrowingSession("other");
        var file = await WriteAsync(true, session.Open(), session.Charge(["one", "two"]), other.Open(), other.Charge(["one"]));
        // As a purge leaves it that has taken out the head and got no further.
        var number = folder.Scalar("SELECT no FROM ledger_head WHERE ledger_id = 'session'", file);
        folder.Insert("purge_queue", insert => insert.Bind(number).BindChecksum(), file);
        folder.Execute("DELETE FROM ledger_head WHERE ledger_id = 'session'", file);
        using (var store = await folder.StartAsync(file))
        {
            Assert.Null(await store.LoadAsync("session", Token));
            Assert.Equal(2, (await store.ReadAsync("other", 1, 100, Token)).Count);
        }

        Assert.Equal(2, folder.Scalar("SELECT count(*) FROM entry", file));
        foreach (var table in new[] { "entry", "entry_run", "entry_key", "entry_related", "side_row" })
            Assert.Equal(0, folder.Scalar($"SELECT count(*) FROM {table} WHERE ledger_no NOT IN (SELECT no FROM ledger_head)", file));
        Assert.Equal(0, folder.Scalar("SELECT count(*) FROM purge_queue", file));
    }

    [Fact]
    public async Task ReadOnly_BesideAWriter_ReadsWhatIsDurableAndWritesNothing()
    {
        using var writer = await folder.StartAsync();
        var session = new GrowingSession("session");
        await writer.AppendAsync([session.Open()]);
        await writer.AppendAsync([session.Charge(["one", "two"])]);
        using var reader = await folder.StartAsync(isReadOnly: true);
        Assert.Equal(3, (await reader.LoadAsync("session", Token))!.Head.Sequence);
        Assert.Equal("two", (await reader.FindByKeyAsync("session", "two", Token))?.Key);
        Assert.Equal(3, (await reader.ReadAsync("session", 1, 10, Token)).Count);
        var refused = await Assert.ThrowsAsync<LedgerStoreUnavailableException>(async () =>
            await reader.AppendAsync([session.Charge("three")])
        );
        Assert.Contains("opened for reading only", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>A reader that stays open sees what is acknowledged afterwards, in the journal and in the tables.</summary>
    [Fact]
    public async Task ReadOnly_LeftOpen_SeesWhatIsAcknowledgedLater()
    {
        var session = new GrowingSession("session");
        (await folder.StartAsync()).Dispose();
        using var reader = await folder.StartAsync(isReadOnly: true);
        Assert.Null(await reader.LoadAsync("session", Token));
        folder.WriteToJournal(session.Open());
        Assert.Equal(1, (await reader.LoadAsync("session", Token))!.Head.Sequence);
        folder.WriteToJournal(session.Charge("one"), session.Charge("two"));
        await AssertSeenAsync(3);
        (await folder.StartAsync()).Dispose();
        Assert.Equal(0, folder.Scalar("SELECT count(*) FROM journal"));
        await AssertSeenAsync(3);
        folder.WriteToJournal(session.Charge("three"));
        await AssertSeenAsync(4);

        async Task AssertSeenAsync(int sequence)
        {
            Assert.Equal(sequence, (await reader.LoadAsync("session", Token))!.Head.Sequence);
            Assert.Equal(sequence, (await reader.ReadAsync("session", 1, 10, Token)).Count);
            Assert.Equal(sequence, Assert.Single(await reader.ListAsync(new SessionListing(), Token)).Sequence);
            var rows = await reader.Feed.ReadFeedAsync(0, 1, 10, EventKinds.All, Token);
            Assert.Equal(
                Enumerable.Range(1, sequence).Select(i => (i, (long)i)),
                rows.Select(row => ((int)row.Position, row.Ranges[0].First))
            );
            Assert.Equal(sequence, (await reader.Feed.FeedEndsAsync(0, Token)).Last);
        }
    }

    /// <summary>Heads of which nobody was told yet take no place of others on a page.</summary>
    [Fact]
    public async Task List_WithHeadsThatAreNotAcknowledged_FillsThePageAllTheSame()
    {
        var (one, two) = (new GrowingSession("b"), new GrowingSession("d"));
        using var store = await folder.StartAsync();
        await store.AppendAsync([one.Open(), two.Open()]);
        string[] ids = ["a1", "a2", "a3", "c1", "c2", "c3"];
        foreach (var (number, id) in ids.Index())
        {
            folder.Insert(
                "ledger_head",
                insert =>
                {
                    insert.Bind(100 + number).Bind(id).BindNull().BindNull().Bind(0).BindChecksum().Cover(100 + number);
                    for (var column = 0; column < 11; column++)
                        insert.Bind(0);
                    insert
                        .BindNull()
                        .Bind("{}")
                        .BindChecksum()
                        .Cover(100 + number)
                        .Bind(0)
                        .BindChecksum()
                        .Cover(100 + number)
                        .Bind(0)
                        .BindChecksum();
                }
            );
        }

        foreach (var count in new[] { 2, 3, 100 })
            Assert.Equal(["b", "d"], (await store.ListAsync(new SessionListing(Count: count), Token)).Select(head => head.SessionId));
        Assert.Equal("b", Assert.Single(await store.ListAsync(new SessionListing(Count: 1), Token)).SessionId);
        Assert.Equal("d", Assert.Single(await store.ListAsync(new SessionListing("b", Count: 1), Token)).SessionId);
    }

    /// <summary>Writes, and answers the file with which to go on: that of the folder, or a copy of it taken while the store was in
    /// use.</summary>
    private async Task<string> WriteAsync(bool stop, params LedgerAppend[] appends)
    {
        using var store = await folder.StartAsync();
        foreach (var append in appends)
            Assert.Equal([AppendOutcome.Written], await store.AppendAsync([append]));
        return stop ? folder.FilePath : folder.CopyAsLeft("left");
    }
}
