using AgentBudget.Webhooks.Sending;

namespace AgentBudget.Webhooks.Delivering;

/// <summary>A page of the feed whose events are on their way.</summary>
/// <param name="through">The cursor behind it.</param>
internal sealed class PlannedPage(EventCursor through)
{
    /// <summary>The cursor behind it.</summary>
    public EventCursor Through => through;

    /// <summary>Events of it that have neither been taken nor written down as waiting.</summary>
    public int Left { get; set; }
}

/// <summary>A post, and how far it is. Only <see cref="DeliveryPlan"/> changes one.</summary>
internal sealed class PlannedPost
{
    private PlannedPost(Post post, int partition) => (Post, Partition) = (post, partition);

    /// <summary>What is posted.</summary>
    public Post Post { get; }

    /// <summary>The partition that its event is in.</summary>
    public int Partition { get; }

    /// <summary>The page that is not done without it; null once it is written down by itself.</summary>
    public PlannedPage? Page { get; set; }

    /// <summary>Attempts that have failed.</summary>
    public int Failed { get; set; }

    /// <summary>Whether it waits for an attempt apart from its session's later ones.</summary>
    public bool IsWaiting { get; set; }

    /// <summary>Whether an attempt is under way.</summary>
    public bool IsUnderWay { get; set; }

    /// <summary>When its next attempt is, by the schedule.</summary>
    public DateTimeOffset DueAt { get; set; }

    /// <summary>When it is tried: by the schedule, or before, when the endpoint is well again.</summary>
    public DateTimeOffset TryAt { get; set; }

    /// <summary>One that came with a page.</summary>
    public static PlannedPost Of(Post post, int partition, PlannedPage page) => new(post, partition) { Page = page };

    /// <summary>One that was written down.</summary>
    public static PlannedPost Waiting(Post post, int partition, int failed, DateTimeOffset dueAt) =>
        new(post, partition)
        {
            Failed = failed,
            DueAt = dueAt,
            TryAt = dueAt,
            IsWaiting = true,
        };
}
