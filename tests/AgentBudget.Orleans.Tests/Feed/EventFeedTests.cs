using AgentBudget.Orleans.Storage.InMemory;
using AgentBudget.Orleans.Tests.Clusters;
using AgentBudget.StoreContract.Clusters;

namespace AgentBudget.Orleans.Tests.Feed;

/// <summary>The feed as those who follow it see it: complete, in order, filtered, kept as long as it is said.</summary>
public sealed class EventFeedTests : IAsyncLifetime
{
    private readonly ControlledStore store = new(new InMemoryLedgerStore());
    private LedgerCluster cluster = null!;

    private IBudgetEventFeed Feed => cluster.Grains.GetGrain<IBudgetEventFeed>(0);

    public async ValueTask InitializeAsync() => cluster = await LedgerCluster.StartAsync(store, silos: 2);

    public ValueTask DisposeAsync() => cluster.DisposeAsync();

    [Fact]
    public async Task Read_FromTheStart_GivesEveryEventOfEachLedgerInItsOrder()
    {
        var sessions = new List<IBudgetSession>();
        for (var i = 0; i < 8; i++)
            sessions.Add(await cluster.OpenAsync($"acme/team-{i % 2}@s-{i}"));
        await Task.WhenAll(sessions.SelectMany(session => Enumerable.Range(0, 20).Select(_ => session.ChargeAsync("0.06").InTimeAsync())));
        foreach (var session in sessions)
            await session.CloseAsync(new CloseCommand()).GrantedAsync();

        var events = await ReadAllAsync(max: 7);
        foreach (var session in sessions)
        {
            var mine = events.Where(of => of.Origin.Ledger == session.Id()).ToArray();
            var expected = await ExpectedAsync(session.Id());
            Assert.Equal(expected.Select(BudgetEventJson.Write), mine.Select(BudgetEventJson.Write));
            Assert.Contains(mine, of => of is HardLimitEvent);
            var report = (await session.ReportAsync())!;
            Assert.Equal(report.TotalSpent, mine.OfType<ChargeEvent>().Aggregate(Money.Zero, (sum, charge) => sum + charge.Cost));
        }
    }

    [Fact]
    public async Task Read_WithAFilter_SaysWhatItCoversAndGivesOnlyWhatWasAskedFor()
    {
        await (await cluster.OpenAsync("acme/a@one")).ChargeAsync("0.95").GrantedAsync();
        await (await cluster.OpenAsync("acme/b@two")).ChargeAsync("0.95").GrantedAsync();
        await (await cluster.OpenAsync("acme-x@three")).ChargeAsync("0.95").GrantedAsync();

        var all = await Feed.ReadAsync(EventCursor.Start(0), 10_000, null);
        var tenant = await Feed.ReadAsync(EventCursor.Start(0), 10_000, new EventFilter { Tenant = TenantPath.Parse("acme") });
        Assert.Equal((all.From, all.Through), (tenant.From, tenant.Through));
        Assert.Equal(
            ["acme/a@one", "acme/b@two"],
            tenant.Events.Select(of => of.Origin.Ledger).Where(id => id[0] != '~').Distinct().Order()
        );
        var soft = await Feed.ReadAsync(EventCursor.Start(0), 10_000, new EventFilter { Ledger = "acme/a@one", Types = ["limit.soft"] });
        Assert.Equal("limit.soft", Assert.Single(soft.Events).Type);
        var billed = await Feed.ReadAsync(EventCursor.Start(0), 10_000, new EventFilter { BillableOnly = true });
        Assert.Equal(3, billed.Events.Count);
        var unknown = new EventFilter { Types = ["limit.softly"] };
        Assert.Contains(
            "limit.softly",
            (await Assert.ThrowsAsync<ArgumentException>(() => Feed.ReadAsync(EventCursor.Start(0), 1, unknown))).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Read_OfATenant_GivesItsLimitsAndTransitions()
    {
        var tenant = cluster.Grains.GetGrain<ITenantBudget>("acme");
        await tenant
            .SetAsync(
                new SetTenantCommand
                {
                    Settings = new TenantSettings { TotalLimit = Money.Parse("1.00") },
                    By = "ops",
                }
            )
            .GrantedAsync();
        await (await cluster.OpenAsync("acme@one", "0.95")).ChargeAsync("0.95").GrantedAsync();
        await tenant.PauseAsync(new PauseCommand { By = "ops", Reason = "look" }).GrantedAsync();
        await tenant.ResumeAsync(new ResumeCommand()).GrantedAsync();

        var events = (await ReadAllAsync()).Where(of => of.Origin.IsTenant).ToArray();
        Assert.Equal("tenant.limit_set", events[0].Type);
        Assert.Contains(events, of => of is TenantPausedEvent { By: "ops", Reason: "look" });
        Assert.Contains(events, of => of is TenantResumedEvent);
        Assert.All(events, of => Assert.Equal("acme", of.Origin.Tenant!.ToString()));
    }

    [Fact]
    public async Task Consumer_ThatIsRegistered_GoesOnWhereItStopped()
    {
        var session = await cluster.OpenAsync("one");
        Assert.Equal(0, Assert.Single(await Feed.RegisterAsync("billing", fromStart: true)).Position);
        var first = await Feed.ReadAsync(EventCursor.Start(0), 1, null);
        await Feed.AcknowledgeAsync("billing", first.Next);
        await session.ChargeAsync("0.10").GrantedAsync();

        var again = Assert.Single(await Feed.RegisterAsync("billing", fromStart: true));
        Assert.Equal(first.Next.ToString(), again.ToString());
        Assert.Equal("charge.recorded", Assert.Single((await Feed.ReadAsync(again, 10, null)).Events).Type);
        Assert.Equal(1, Assert.Single(await Feed.ConsumersAsync()).Behind);
        await Feed.AcknowledgeAsync("billing", EventCursor.Start(0));
        Assert.Equal(first.Next.Position, Assert.Single(Assert.Single(await Feed.ConsumersAsync()).Cursors).Position);
        await Feed.MoveAsync("billing", EventCursor.Start(0));
        Assert.Equal(0, Assert.Single(Assert.Single(await Feed.ConsumersAsync()).Cursors).Position);
        await Feed.UnregisterAsync("billing");
        Assert.Empty(await Feed.ConsumersAsync());
        await Assert.ThrowsAsync<ArgumentException>(() => Feed.AcknowledgeAsync("billing", first.Next));
    }

    [Fact]
    public async Task Cursor_OfAnotherFeed_IsToldAsRestoredWithTheLastPlaceThatHolds()
    {
        var session = await cluster.OpenAsync("one");
        var cursor = EventCursor.Start(0);
        var seen = new List<EventMark>();
        for (var i = 0; i < 12; i++)
        {
            await session.ChargeAsync("0.01").GrantedAsync();
            cursor = (await Feed.ReadAsync(cursor, 1, null)).Next;
            seen.Insert(0, new EventMark(cursor.Position, cursor.BatchId));
        }

        // The ledger lost what stands behind position 7, and others wrote on.
        var elsewhere = EventCursor.Start(0);
        foreach (var mark in seen.AsEnumerable().Reverse())
            elsewhere = elsewhere.After(mark.Position <= 7 ? mark : mark with { BatchId = mark.BatchId + 1 });
        var page = await Feed.ReadAsync(EventCursor.Parse(elsewhere.ToString()), 10, null);
        Assert.Equal(EventCursorState.Restored, page.State);
        Assert.Empty(page.Events);
        Assert.InRange(page.Next.Position, 1, 7);
        Assert.Equal(EventCursorState.Good, (await Feed.ReadAsync(page.Next, 10, null)).State);
        var ahead = cursor.After(new EventMark(1_000, 5));
        Assert.Equal((EventCursorState.Restored, cursor.Position), await StateAsync(ahead));
    }

    [Fact]
    public async Task Retention_LetsGoOfOldEvents_AndKeepsWhatAConsumerHasNotTaken()
    {
        var session = await cluster.OpenAsync("one", with: options => options with { IdleTimeout = TimeSpan.FromDays(90) });
        var cursor = (await Feed.ReadAsync(EventCursor.Start(0), 1, null)).Next;
        await Feed.RegisterAsync("slow", fromStart: true);
        await Feed.AcknowledgeAsync("slow", cursor);
        await session.ChargeAsync("0.01").GrantedAsync();
        await AdvanceAndSweepAsync(TimeSpan.FromDays(31));
        await session.ChargeAsync("0.01").GrantedAsync();
        await AdvanceAndSweepAsync(TimeSpan.FromMinutes(1));
        Assert.Equal((EventCursorState.Good, 2L + 1), await StateAsync(cursor));

        await AdvanceAndSweepAsync(TimeSpan.FromDays(30));
        Assert.Equal(EventCursorState.TooOld, (await StateAsync(cursor)).State);
        Assert.Equal(3, (await Feed.ReadAsync(EventCursor.Start(0), 10, null)).From);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Consumer_RegisteredOnAnEmptyLedgerAndOutrun_IsToldOnceAndGoesOnFromTheOldest(bool fromStart)
    {
        var registered = Assert.Single(await Feed.RegisterAsync("slow", fromStart));
        Assert.Equal((EventCursorState.Good, 0L), await StateAsync(registered));
        var session = await cluster.OpenAsync("one", with: options => options with { IdleTimeout = TimeSpan.FromDays(90) });
        await session.ChargeAsync("0.01").GrantedAsync();
        await AdvanceAndSweepAsync(TimeSpan.FromDays(61));
        await session.ChargeAsync("0.01").GrantedAsync();
        await AdvanceAndSweepAsync(TimeSpan.FromMinutes(1));

        var stored = Assert.Single(await Feed.RegisterAsync("slow", fromStart));
        var outrun = await Feed.ReadAsync(stored, 10, null);
        Assert.Equal((EventCursorState.TooOld, 0), (outrun.State, outrun.Events.Count));
        var page = await Feed.ReadAsync(EventCursor.Parse(outrun.Next.ToString()), 10, null);
        Assert.Equal((EventCursorState.Good, 3L), (page.State, page.From));
        // Who has no place begins with the oldest, and has missed nothing that it was promised.
        Assert.Equal((EventCursorState.Good, 3L), await StateAsync(EventCursor.Start(0)));
    }

    [Fact]
    public async Task Consumer_RegisteredOrMovedToTheStartOfATrimmedFeed_BeginsWithTheOldestAndIsOutrunAloud()
    {
        var session = await cluster.OpenAsync("one", with: options => options with { IdleTimeout = TimeSpan.FromDays(90) });
        await session.ChargeAsync("0.01").GrantedAsync();
        await AdvanceAndSweepAsync(TimeSpan.FromDays(31));
        await session.ChargeAsync("0.01").GrantedAsync();
        await AdvanceAndSweepAsync(TimeSpan.FromMinutes(1));

        var late = Assert.Single(await Feed.RegisterAsync("late", fromStart: true));
        Assert.Equal((EventCursorState.Good, 3L), await StateAsync(late));
        await Feed.MoveAsync("late", EventCursor.Start(0));
        Assert.Equal(late.ToString(), Assert.Single(await Feed.RegisterAsync("late", fromStart: true)).ToString());

        await AdvanceAndSweepAsync(TimeSpan.FromDays(61));
        await session.ChargeAsync("0.01").GrantedAsync();
        await AdvanceAndSweepAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(EventCursorState.TooOld, (await StateAsync(late)).State);
    }

    [Fact]
    public async Task Purge_OfASession_WaitsForAConsumerUpToTheCap()
    {
        var session = await cluster.OpenAsync("one");
        await Feed.RegisterAsync("slow", fromStart: true);
        await session.CloseAsync(new CloseCommand()).GrantedAsync();
        await AdvanceAndSweepAsync(TimeSpan.FromDays(90));
        Assert.Null(await store.LoadAsync("one", TestContext.Current.CancellationToken));
        var other = await cluster.OpenAsync("two");
        await other.CloseAsync(new CloseCommand()).GrantedAsync();
        await Feed.UnregisterAsync("slow");
        await AdvanceAndSweepAsync(TimeSpan.FromDays(90));
        Assert.Null(await store.LoadAsync("two", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Feed_WhoseStoreIsAway_SaysSoInWordsThatTravel()
    {
        store.IsAway = true;
        var start = EventCursor.Start(0);
        await Assert.ThrowsAsync<BudgetUnavailableException>(() => Feed.ReadAsync(start, 10, null));
        await Assert.ThrowsAsync<BudgetUnavailableException>(() => Feed.EndAsync(0));
        await Assert.ThrowsAsync<BudgetUnavailableException>(() => Feed.RegisterAsync("late", fromStart: true));
        await Assert.ThrowsAsync<BudgetUnavailableException>(() => Feed.AcknowledgeAsync("late", start));
        await Assert.ThrowsAsync<BudgetUnavailableException>(() => Feed.ConsumersAsync());
        store.IsAway = false;
        Assert.Empty(await Feed.ConsumersAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("0:1")]
    [InlineData("0:1.x")]
    [InlineData("0:1.1,2.2")]
    [InlineData("-1:1.1")]
    [InlineData("0:0.1")]
    public void Cursor_ThatIsNone_IsRefused(string text) => Assert.Throws<FormatException>(() => EventCursor.Parse(text));

    private async Task<(EventCursorState State, long Position)> StateAsync(EventCursor cursor)
    {
        var page = await Feed.ReadAsync(cursor, 10, null);
        return (page.State, page.Next.Position);
    }

    private async Task AdvanceAndSweepAsync(TimeSpan time)
    {
        cluster.Clock.Advance(time);
        await cluster.SweepAsync();
    }

    private async Task<IReadOnlyList<BudgetEvent>> ReadAllAsync(int max = 1_000)
    {
        var (all, cursor) = (new List<BudgetEvent>(), EventCursor.Start(0));
        EventPage page;
        do
        {
            page = await Feed.ReadAsync(cursor, max, null);
            Assert.Equal(EventCursorState.Good, page.State);
            all.AddRange(page.Events);
            cursor = page.Next;
        } while (page.HasMore);

        return all;
    }

    private async Task<IReadOnlyList<BudgetEvent>> ExpectedAsync(string id)
    {
        var head = await store.LoadHeadAsync(id, TestContext.Current.CancellationToken);
        var entries = await store.ReadAsync(id, 1, int.MaxValue, TestContext.Current.CancellationToken);
        var (origin, previous, all) = (EventOrigin.Of(head!), 0L, new List<BudgetEvent>());
        foreach (var entry in entries)
        {
            var events = BudgetEvents.Of(entry, origin, previous);
            all.AddRange(events);
            previous = events.Count > 0 ? entry.Sequence : previous;
        }

        return all;
    }
}
