namespace AgentBudget;

/// <summary>A cursor of the event feed holds no more: events behind it are gone, or were put back by a restore. Nothing is skipped without
/// being told; go on from <see cref="Next"/> once that was seen to.</summary>
public sealed class EventCursorException : AgentBudgetException
{
    internal EventCursorException(EventCursor cursor, EventPage page)
        : base(Describe(cursor, page)) => (Cursor, State, Next) = (cursor, page.State, page.Next);

    /// <summary>The cursor that holds no more.</summary>
    public EventCursor Cursor { get; }

    /// <summary>What has become of it: <see cref="EventCursorState.TooOld"/> or <see cref="EventCursorState.Restored"/>.</summary>
    public EventCursorState State { get; }

    /// <summary>Where to go on: the oldest events that are kept, or the last place that still holds.</summary>
    public EventCursor Next { get; }

    private static string Describe(EventCursor cursor, EventPage page) =>
        page.State == EventCursorState.TooOld
            ? $"Events behind position {cursor.Position} of partition {cursor.Partition} are kept no longer, and were never seen: take "
                + "what is missing from session and tenant reports, then go on from the oldest that are kept (Next, MoveTo). A consumer "
                + "that is registered (IBudgetEventFeed.RegisterAsync) has them kept for it, up to EventRetentionCap."
            : $"The ledger was restored to an earlier moment: what was seen of partition {cursor.Partition} behind position "
                + $"{page.Next.Position} is not in it any more. Take back what was made of those events, then go on from there (Next, "
                + "MoveTo).";
}
