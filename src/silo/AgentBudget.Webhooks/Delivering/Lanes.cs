namespace AgentBudget.Webhooks.Delivering;

/// <summary>Posts in the order of their ledgers: of each, one at a time.</summary>
internal sealed class Lanes
{
    private readonly Dictionary<string, Queue<PlannedPost>> lanes = new(StringComparer.Ordinal);
    private readonly Queue<string> ready = [];
    private readonly PriorityQueue<string, DateTimeOffset> resting = new();

    /// <summary>How many posts are in them.</summary>
    public int Count { get; private set; }

    /// <summary>When the first of those that rest goes on; null when none does.</summary>
    public DateTimeOffset? RestsUntil => resting.TryPeek(out _, out var until) ? until : null;

    /// <summary>Whether one can go at once.</summary>
    public bool IsReady => ready.Count > 0;

    public void Add(PlannedPost post)
    {
        Count++;
        if (lanes.TryGetValue(post.Post.Ledger, out var lane))
        {
            lane.Enqueue(post);
            return;
        }

        lanes[post.Post.Ledger] = new Queue<PlannedPost>([post]);
        ready.Enqueue(post.Post.Ledger);
    }

    /// <summary>The next post to go, which stays first of its lane until it is <see cref="Pass"/>ed or <see cref="Rest"/>s; null for
    /// none.</summary>
    public PlannedPost? Next(DateTimeOffset now)
    {
        while (resting.TryPeek(out var rested, out var until) && until <= now)
        {
            resting.Dequeue();
            ready.Enqueue(rested);
        }

        return ready.TryDequeue(out var ledger) ? lanes[ledger].Peek() : null;
    }

    /// <summary>The first of a lane is done with: the next may go.</summary>
    public void Pass(string ledger)
    {
        var lane = lanes[ledger];
        lane.Dequeue();
        Count--;
        if (lane.Count > 0)
            ready.Enqueue(ledger);
        else
            lanes.Remove(ledger);
    }

    /// <summary>The first of a lane goes again, later.</summary>
    public void Rest(string ledger, DateTimeOffset until) => resting.Enqueue(ledger, until);
}
