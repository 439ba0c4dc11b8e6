using Microsoft.Extensions.Time.Testing;
using Orleans.Providers.Streams.Common;

namespace AgentBudget.Orleans.Streams.Tests;

/// <summary>What a consumer is handed next, by what it took and did not take before.</summary>
public sealed class LaneCursorTests : IDisposable
{
    private static readonly StreamId Stream = StreamId.Create(BudgetStreams.Events, "acme");

    private readonly FakeTimeProvider clock = new();
    private readonly StreamLane lane = new(Stream);
    private readonly LaneCursor cursor;
    private readonly List<string> handed = [];
    private int added;

    public LaneCursorTests()
    {
        cursor = new LaneCursor(lane, clock);
        lane.Attach(cursor);
    }

    public void Dispose() => cursor.Dispose();

    [Fact]
    public void Cursor_OfAConsumerThatTakesAll_HandsEachOnce()
    {
        Add("a1", "b1", "a2");
        Go();
        Assert.Equal(["a1", "b1", "a2"], handed);
        Assert.Equal(0, lane.Count);
    }

    [Fact]
    public void Suspect_WhoseWitnessIsTaken_HasALastChanceAndIsGivenUp()
    {
        Add("a1", "a2", "b1");
        Go("a1");
        Assert.Equal(["a1", "b1", "a1", "a2", "b1"], handed);
        Assert.Equal("a", lane.Dead?.Ledger);
        // Nothing behind it is done with before it is kept.
        Assert.Equal(3, lane.Count);
        lane.WasBuried();
        Assert.Equal(0, lane.Count);
    }

    [Fact]
    public void Suspect_ThatIsTakenAtLast_IsNotGivenUp()
    {
        Add("a1", "a2", "b1");
        Go("a1:1");
        Assert.Equal(["a1", "b1", "a1", "a2", "b1"], handed);
        Assert.Null(lane.Dead);
        Assert.Equal(0, lane.Count);
    }

    [Fact]
    public void Consumer_ThatIsOut_RestsEverLongerAndLosesNothing()
    {
        Add("a1", "b1", "c1");
        var rests = new List<double>();
        for (var round = 0; round < 7; round++)
        {
            Go("a1", "b1", "c1");
            rests.Add(Rest());
        }

        Assert.Equal([2, 4, 8, 16, 30, 30, 30], rests);
        // Each round had another witness.
        Assert.Equal(["a1", "b1", "a1", "c1", "a1", "b1"], handed.Take(6));
        handed.Clear();
        Go();
        Assert.Equal(["a1", "b1", "c1"], handed);
        Assert.Null(lane.Dead);
    }

    [Fact]
    public void Ledger_WithoutAnotherBesideIt_KeepsItsOrderThroughAnOutage()
    {
        Add("a1", "a2", "a3");
        for (var round = 0; round < 20; round++)
        {
            Go("a1", "a2", "a3");
            Rest();
        }

        Go();
        Assert.Equal(["a1", "a2", "a3"], handed.Distinct());
        Assert.All(handed.Take(20), one => Assert.Equal("a1", one));
    }

    [Fact]
    public void Suspect_WithoutAnotherLedgerForHalfAnHour_IsGivenUpByOneOfItsOwn()
    {
        Add("a1", "a2", "a3");
        for (var round = 0; round < 70; round++)
        {
            Go("a1", "a2");
            Rest();
        }

        // Of two one behind the other, too.
        Assert.Equal("a1", NameOf(lane.Dead));
        lane.WasBuried();
        Assert.Equal("a2", NameOf(lane.Oldest));
        for (var round = 0; round < 70; round++)
        {
            Go("a2");
            Rest();
        }

        Assert.Equal("a2", NameOf(lane.Dead));
        lane.WasBuried();
        Assert.Equal(0, lane.Count);
    }

    [Fact]
    public void Event_OfTwoConsumers_GoesWhenBothArePastIt()
    {
        using var other = new LaneCursor(lane, clock);
        lane.Attach(other);
        Add("a1", "a2");
        Go();
        Assert.Equal(2, lane.Count);
        while (other.MoveNext()) { }
        Assert.Equal(0, lane.Count);
    }

    [Fact]
    public void Consumer_ThatIsForgottenBeforeTheEnd_IsAskedForAgain()
    {
        Add("a1", "a2");
        Assert.True(cursor.MoveNext());
        cursor.Dispose();
        Assert.True(lane.HasLostAConsumer);
        Assert.NotNull(lane.TakeReminder(clock.GetUtcNow()));
        Assert.Null(lane.TakeReminder(clock.GetUtcNow()));
    }

    // Hands on until there is nothing to hand, and fails what is named: always, or the first so many times.
    private void Go(params string[] failing)
    {
        var left = failing
            .Select(one => one.Split(':'))
            .ToDictionary(one => one[0], one => one.Length > 1 ? int.Parse(one[1]) : int.MaxValue);
        while (cursor.MoveNext())
        {
            var name = NameOf(lane.After(cursor.GetCurrent(out _)!.SequenceToken.SequenceNumber - 1));
            handed.Add(name!);
            if (left.GetValueOrDefault(name!) > 0)
            {
                left[name!]--;
                cursor.RecordDeliveryFailure();
            }
        }
    }

    // Lets the rest pass, and says how long it was: 0 for none.
    private double Rest()
    {
        for (var seconds = 0; seconds <= 60; seconds++)
        {
            if (lane.TakeReminder(clock.GetUtcNow()) is not null)
                return seconds;
            clock.Advance(TimeSpan.FromSeconds(1));
        }

        return 0;
    }

    private void Add(params string[] names)
    {
        var page = new FeedPage(EventCursor.Start(0), 1, EventCursor.Start(0), names.Length);
        foreach (var name in names)
        {
            var of = new ChargeRecordedEvent
            {
                Origin = new EventOrigin { Ledger = name[..1] },
                Sequence = name[1] - '0',
                Call = Call.Tool("search"),
            };
            lane.Add(new LaneItem(new EventBatch(Stream, of, new EventSequenceTokenV2(++added)), page, clock.GetUtcNow()));
        }
    }

    private static string? NameOf(LaneItem? item) => item is null ? null : $"{item.Ledger}{item.Batch.Event.Sequence}";
}
