using AgentBudget.Ledger;

namespace AgentBudget;

/// <summary>Whether a cursor still holds.</summary>
public enum EventCursorState : byte
{
    /// <summary>It does.</summary>
    Good = 0,

    /// <summary>The events behind it are kept no longer: some were never seen. Go on from <see cref="EventPage.Next"/>, the oldest
    /// that are.</summary>
    TooOld = 1,

    /// <summary>
    /// The ledger was restored to an earlier moment: what was seen behind <see cref="EventPage.Next"/>, the last place that still holds, is
    /// not so any more, and other events have come in its stead.
    /// </summary>
    Restored = 2,
}

/// <summary>A page of the feed.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.event-page")]
public sealed record EventPage
{
    [Id(0)]
    private readonly BudgetEvent[] events = [];

    /// <summary>The events, oldest first.</summary>
    public IReadOnlyList<BudgetEvent> Events
    {
        get => events;
        init => events = Owned.ListOf(value);
    }

    /// <summary>Where to go on.</summary>
    [Id(1)]
    public required EventCursor Next { get; init; }

    /// <summary>Whether the cursor that was handed in holds. If not, the page has no events.</summary>
    [Id(2)]
    public EventCursorState State { get; init; }

    /// <summary>The first position that the page covers; 0 when it covers none. Between this and <see cref="Through"/> there is no gap:
    /// with
    /// a filter, what is not in the page was not asked for.</summary>
    [Id(3)]
    public long From { get; init; }

    /// <summary>The last position that it covers; 0 when it covers none.</summary>
    [Id(4)]
    public long Through { get; init; }

    /// <summary>Whether more is there now.</summary>
    [Id(5)]
    public bool HasMore { get; init; }
}

/// <summary>A registered consumer of the feed.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.event-consumer")]
public sealed record EventConsumer
{
    [Id(1)]
    private readonly EventCursor[] cursors = [];

    /// <summary>Its name.</summary>
    [Id(0)]
    public required string Name { get; init; }

    /// <summary>How far it has come, one cursor a partition.</summary>
    public IReadOnlyList<EventCursor> Cursors
    {
        get => cursors;
        init => cursors = Owned.ListOf(value);
    }

    /// <summary>When it last said so.</summary>
    [Id(2)]
    public DateTimeOffset AcknowledgedAt { get; init; }

    /// <summary>How many rows of the feed it is behind, in all partitions.</summary>
    [Id(3)]
    public long Behind { get; init; }
}
