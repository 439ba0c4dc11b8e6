using AgentBudget.Client.Events;
using AgentBudget.Client.Tests.Ledgers;

namespace AgentBudget.Client.Tests.Events;

public sealed class EventReadingTests(SharedLedger ledger)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Read_OneSession_GivesItsEventsInOrderAndTheCursorsBehindThem()
    {
        await using var session = await ledger.OpenAsync("1.00");
        await session.TrackAsync(0, "search", "0.10", cancellationToken: Token);
        await session.TrackAsync(0, "search", "0.20", cancellationToken: Token);
        var filter = new EventFilter { Ledger = session.Id, BillableOnly = true };
        var reading = ledger.Client.Events.From(filter: filter);

        var first = await ListAsync(reading.ReadAsync(Token));
        await session.TrackAsync(0, "search", "0.30", cancellationToken: Token);
        // Kept as text, and taken up by another.
        var kept = reading.Cursors.Select(cursor => cursor.ToString()).ToArray();
        var second = await ListAsync(ledger.Client.Events.From(kept.Select(EventCursor.Parse), filter).ReadAsync(Token));

        Assert.Equal(["0.10", "0.20"], first.Select(CostOf));
        Assert.Equal(["0.30"], second.Select(CostOf));
    }

    [Fact]
    public async Task Follow_FromTheEnd_GivesWhatComes()
    {
        await using var session = await ledger.OpenAsync("1.00");
        await session.TrackAsync(0, "search", "0.10", cancellationToken: Token);
        var events = ledger.Client.Events;
        var reading = events.From(await events.EndAsync(Token), new EventFilter { Ledger = session.Id });
        await using var following = reading.FollowAsync(Token).GetAsyncEnumerator(Token);
        var next = following.MoveNextAsync();
        await session.TrackAsync(0, "search", "0.25", cancellationToken: Token);

        Assert.True(await next.AsTask().InTimeAsync());
        Assert.Equal("0.25", CostOf(following.Current));
    }

    [Fact]
    public async Task Follow_WhileNothingComes_AsksLessAndLessOften()
    {
        var clock = new SkippingClock();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var source = new Script((cursor, asked) => asked == 9 ? End(ending, cursor) : new EventPage { Next = cursor });
        var feed = new EventFeed(source, clock);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ListAsync(feed.From().FollowAsync(ending.Token)));

        Assert.Equal([100, 200, 400, 800, 1_600, 2_000, 2_000, 2_000], clock.Waits.Take(8).Select(wait => (int)wait.TotalMilliseconds));
    }

    [Theory]
    [InlineData(EventCursorState.TooOld, "are kept no longer")]
    [InlineData(EventCursorState.Restored, "was restored")]
    public async Task Read_CursorThatHoldsNoMore_IsToldWithTheMendAndSkipsNothing(EventCursorState state, string why)
    {
        var lost = EventCursor.Start(0).After(new EventMark(7, 1));
        var source = new Script(
            (cursor, _) =>
                cursor.Position == 7 ? new EventPage { Next = EventCursor.Start(0), State = state } : new EventPage { Next = cursor }
        );
        var reading = new EventFeed(source, TimeProvider.System).From([lost]);

        var told = await Assert.ThrowsAsync<EventCursorException>(() => ListAsync(reading.ReadAsync(Token)));

        Assert.Equal((state, 0L, 7L), (told.State, told.Next.Position, told.Cursor.Position));
        Assert.Contains(why, told.Message, StringComparison.Ordinal);
        Assert.Contains("MoveTo", told.Message, StringComparison.Ordinal);
        Assert.Equal(7, Assert.Single(reading.Cursors).Position);
        reading.MoveTo(told.Next);
        Assert.Empty(await ListAsync(reading.ReadAsync(Token)));
    }

    [Fact]
    public void From_WhatCannotBe_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => ledger.Client.Events.From([EventCursor.Start(0), EventCursor.Start(0)]));
        Assert.Throws<ArgumentException>(() => ledger.Client.Events.From(filter: new EventFilter { Types = ["limit.softly"] }));
        Assert.Throws<ArgumentException>(() => ledger.Client.Events.ReadAsync(EventCursor.Start(0), 0, cancellationToken: Token).Ignore());
    }

    private static string CostOf(BudgetEvent of) => ((ChargeEvent)of).Cost.Dollars.ToString("0.00", null);

    private static EventPage End(CancellationTokenSource ending, EventCursor cursor)
    {
        ending.Cancel();
        return new EventPage { Next = cursor };
    }

    private static async Task<List<BudgetEvent>> ListAsync(IAsyncEnumerable<BudgetEvent> events)
    {
        var all = new List<BudgetEvent>();
        await foreach (var one in events)
            all.Add(one);
        return all;
    }

    private sealed class Script(Func<EventCursor, int, EventPage> page) : IEventSource
    {
        private int asked;

        public Task<int> PartitionsAsync(CancellationToken cancellationToken) => Task.FromResult(1);

        public Task<EventPage> ReadAsync(EventCursor cursor, int max, EventFilter? filter, CancellationToken cancellationToken) =>
            Task.FromResult(page(cursor, ++asked));

        public Task<EventCursor> EndAsync(int partition, CancellationToken cancellationToken) =>
            Task.FromResult(EventCursor.Start(partition).After(new EventMark(9, 1)));
    }
}
