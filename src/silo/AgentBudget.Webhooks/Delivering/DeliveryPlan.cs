using AgentBudget.Webhooks.Sending;

namespace AgentBudget.Webhooks.Delivering;

/// <summary>What has to be written down of a plan.</summary>
/// <param name="Kept">Posts that wait, new or with another time.</param>
/// <param name="Forgotten">Posts that wait no longer.</param>
internal sealed record PlanChanges(IReadOnlyCollection<PlannedPost> Kept, IReadOnlyCollection<PlannedPost> Forgotten)
{
    public bool IsEmpty => Kept.Count == 0 && Forgotten.Count == 0;

    /// <summary>What of it is in one partition.</summary>
    public PlanChanges Of(int partition) =>
        new([.. Kept.Where(post => post.Partition == partition)], [.. Forgotten.Where(post => post.Partition == partition)]);
}

/// <summary>
/// What an endpoint is posted next. Without clock and I/O: told what was read, what came of each attempt and what the time is, it says what
/// to post, what to write down, and how far the endpoint's cursors may move. A post goes in its ledger's order for its first tries; one
/// that fails them is written down and waits by itself, so that those behind it go on. A page is done when each of its posts was taken or
/// written down.
/// </summary>
/// <param name="partitions">How many partitions the feed has.</param>
/// <param name="atOnce">How many posts may be under way.</param>
/// <param name="mostWaiting">With how many that wait nothing more is read.</param>
internal sealed class DeliveryPlan(int partitions, int atOnce, int mostWaiting)
{
    /// <summary>Posts of the feed that are in memory at once, but for the rest of a page.</summary>
    public const int MostInLanes = 1_024;

    private readonly Lanes lanes = new();
    private readonly Dictionary<string, PlannedPost> waiting = new(StringComparer.Ordinal);
    private readonly Queue<PlannedPage>[] pages = [.. Enumerable.Range(0, partitions).Select(_ => new Queue<PlannedPage>())];
    private HashSet<PlannedPost> kept = [];
    private HashSet<PlannedPost> forgotten = [];
    private int waitingUnderWay;

    /// <summary>Attempts that are under way.</summary>
    public int UnderWay { get; private set; }

    /// <summary>Posts that wait for another attempt.</summary>
    public int Waiting => waiting.Count;

    /// <summary>Whether so many wait that nothing more is read.</summary>
    public bool IsFull => waiting.Count >= mostWaiting;

    /// <summary>Whether so few wait that it will not be full again at once.</summary>
    public bool HasRoom => waiting.Count <= mostWaiting * 3L / 4;

    /// <summary>Whether more of the feed has a place.</summary>
    public bool WantsMore => lanes.Count < MostInLanes && !IsFull;

    // Half of the places at most: posts that were never tried must not wait for those that fail.
    private bool MayTryWaiting => waitingUnderWay < Math.Max(1, atOnce / 2);

    /// <summary>Takes up what was written down before.</summary>
    public void TakeUp(PlannedPost post) => waiting[post.Post.Id] = post;

    /// <summary>Takes a page. What waits already comes again where the place that was written down is behind it, and is passed
    /// over.</summary>
    public void Add(int partition, EventCursor through, IEnumerable<Post> posts)
    {
        var page = new PlannedPage(through);
        foreach (var post in posts.Where(post => !waiting.ContainsKey(post.Id)))
        {
            page.Left++;
            lanes.Add(PlannedPost.Of(post, partition, page));
        }

        pages[partition].Enqueue(page);
    }

    /// <summary>The next post to send; null when none may go now.</summary>
    public PlannedPost? Next(DateTimeOffset now)
    {
        if (UnderWay == atOnce)
            return null;
        var next = NextWaiting(now) ?? lanes.Next(now);
        if (next is null)
            return null;
        next.IsUnderWay = true;
        UnderWay++;
        if (next.IsWaiting)
            waitingUnderWay++;
        return next;
    }

    /// <summary>An attempt has ended.</summary>
    /// <param name="post">What was posted.</param>
    /// <param name="outcome">What came of it.</param>
    /// <param name="now">The time.</param>
    /// <returns>Whether the post is given up.</returns>
    public bool Ended(PlannedPost post, PostOutcome outcome, DateTimeOffset now)
    {
        post.IsUnderWay = false;
        UnderWay--;
        if (post.IsWaiting)
        {
            waitingUnderWay--;
            return EndedWaiting(post, outcome, now);
        }

        if (outcome.IsAccepted)
        {
            Done(post);
            lanes.Pass(post.Post.Ledger);
            return false;
        }

        post.Failed++;
        if (post.Failed < RetrySchedule.FirstTries)
        {
            lanes.Rest(post.Post.Ledger, now + RetrySchedule.After(post.Failed)!.Value);
            return false;
        }

        post.IsWaiting = true;
        waiting[post.Post.Id] = post;
        lanes.Pass(post.Post.Ledger);
        Wait(post, RetrySchedule.After(post.Failed)!.Value, outcome, now);
        return false;
    }

    /// <summary>An attempt was given up from here, at the end: what came of it nobody knows.</summary>
    public void WasGivenUp(PlannedPost post)
    {
        post.IsUnderWay = false;
        UnderWay--;
    }

    /// <summary>The endpoint takes posts again: what waits is tried at once. Where that is in vain, it keeps its place in the
    /// schedule.</summary>
    public void BringForward(DateTimeOffset now)
    {
        foreach (var post in waiting.Values.Where(post => post.TryAt > now))
            post.TryAt = now;
    }

    /// <summary>
    /// One that waits is tried at once, out of its schedule. For a plan that is full: nothing new is read for it, which would show that the
    /// endpoint is back, and the schedule of what waits comes to a day between two attempts.
    /// </summary>
    public void Probe(DateTimeOffset now)
    {
        if (waiting.Values.Where(post => !post.IsUnderWay && post.TryAt > now).MinBy(post => post.TryAt) is { } next)
            next.TryAt = now;
    }

    /// <summary>When there is something to do next; null when nothing waits.</summary>
    public DateTimeOffset? NextAt(DateTimeOffset now)
    {
        if (lanes.IsReady)
            return now;
        var next = lanes.RestsUntil;
        if (!MayTryWaiting)
            return next;
        foreach (var post in waiting.Values.Where(post => !post.IsUnderWay && (next is null || post.TryAt < next)))
            next = post.TryAt;
        return next;
    }

    /// <summary>Takes what has to be written down.</summary>
    public PlanChanges TakeChanges()
    {
        var changes = new PlanChanges(kept, forgotten);
        if (!changes.IsEmpty)
            (kept, forgotten) = ([], []);
        return changes;
    }

    /// <summary>It was not written down.</summary>
    public void GiveBack(PlanChanges changes)
    {
        kept.UnionWith(changes.Kept);
        forgotten.UnionWith(changes.Forgotten);
    }

    /// <summary>It was: pages need not wait for it any more.</summary>
    public static void Saved(PlanChanges changes)
    {
        foreach (var post in changes.Kept)
            Done(post);
    }

    /// <summary>How far a partition's cursor may move; null when not farther than it was.</summary>
    public EventCursor? TakeDone(int partition)
    {
        EventCursor? through = null;
        while (pages[partition].TryPeek(out var page) && page.Left == 0)
            through = pages[partition].Dequeue().Through;
        return through;
    }

    private static void Done(PlannedPost post)
    {
        if (post.Page is { } page)
            page.Left--;
        post.Page = null;
    }

    private PlannedPost? NextWaiting(DateTimeOffset now) =>
        MayTryWaiting ? waiting.Values.Where(post => !post.IsUnderWay && post.TryAt <= now).MinBy(post => post.TryAt) : null;

    private bool EndedWaiting(PlannedPost post, PostOutcome outcome, DateTimeOffset now)
    {
        if (!outcome.IsAccepted && post.TryAt < post.DueAt)
        {
            post.TryAt = post.DueAt;
            return false;
        }

        if (!outcome.IsAccepted)
            post.Failed++;
        if (!outcome.IsAccepted && RetrySchedule.After(post.Failed) is { } pause)
        {
            Wait(post, pause, outcome, now);
            return false;
        }

        waiting.Remove(post.Post.Id);
        kept.Remove(post);
        forgotten.Add(post);
        Done(post);
        return !outcome.IsAccepted;
    }

    private void Wait(PlannedPost post, TimeSpan pause, PostOutcome outcome, DateTimeOffset now)
    {
        var asked = outcome.RetryAfter is { } after && after > pause ? after : pause;
        post.TryAt = post.DueAt = now + (asked < RetrySchedule.LongestRetryAfter ? asked : RetrySchedule.LongestRetryAfter);
        kept.Add(post);
    }
}
