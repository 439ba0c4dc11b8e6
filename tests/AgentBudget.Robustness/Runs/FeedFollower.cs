using AgentBudget.Orleans.Feed;
using AgentBudget.Robustness.Checking;

namespace AgentBudget.Robustness.Runs;

/// <summary>A consumer of the feed beside the faults: it reads every partition from the beginning, says now and then how far it has come,
/// and dies at times between having received and having said so, whereupon the next one begins where it was acknowledged.</summary>
internal sealed class FeedFollower(IGrainFactory grains, int seed, TimeProvider time) : IDisposable
{
    private const string Name = "follower";
    private const int EventsOfPage = 500;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(60);

    private readonly Random chance = new(seed);
    private readonly CancellationTokenSource ending = new();
    private readonly List<EventSeen> seen = [];
    private readonly HashSet<string> ids = [];
    private IReadOnlyList<EventCursor> acknowledged = [];
    private Task following = Task.CompletedTask;

    private IBudgetEventFeed Feed => grains.GetGrain<IBudgetEventFeed>(0);

    /// <summary>Events, each once, in the order in which they first came.</summary>
    public IReadOnlyList<EventSeen> Seen => seen;

    /// <summary>Events that came before.</summary>
    public long Repeats { get; private set; }

    /// <summary>What went wrong with the feed; null when nothing did.</summary>
    public string? Problem { get; private set; }

    public void Begin() => following = FollowAsync();

    /// <summary>Follows no longer.</summary>
    public async Task EndAsync()
    {
        await ending.CancelAsync();
        await following.WaitAsync(LongestEnd, time);
    }

    /// <summary>Reads on from where it was acknowledged, once no silo runs any more: until then some write by themselves.</summary>
    public async Task ReadTheRestAsync(EventReader reader)
    {
        foreach (var cursor in acknowledged)
        {
            var (from, hasMore) = (cursor, true);
            while (hasMore)
            {
                var page = await reader.ReadAsync(from, EventsOfPage, null, CancellationToken.None);
                Take(page);
                (from, hasMore) = (page.Next, page.HasMore || page.Through > 0);
            }
        }
    }

    public void Dispose() => ending.Dispose();

    private async Task FollowAsync()
    {
        acknowledged = await PatientlyAsync(() => Feed.RegisterAsync(Name, fromStart: true));
        while (!ending.IsCancellationRequested)
        {
            foreach (var cursor in acknowledged)
                await ReadAsync(cursor);
            await Task.Delay(Pause, time);
            acknowledged = await PatientlyAsync(() => Feed.RegisterAsync(Name, fromStart: true));
        }
    }

    private async Task ReadAsync(EventCursor cursor)
    {
        EventPage page;
        do
        {
            var from = cursor;
            page = await PatientlyAsync(() => Feed.ReadAsync(from, EventsOfPage, null));
            Take(page);
            cursor = page.Next;
            // Dead, between having received and having said so: what follows begins at what was acknowledged.
            if (chance.Next(4) == 0)
                return;
            var taken = cursor;
            await PatientlyAsync(async () =>
            {
                await Feed.AcknowledgeAsync(Name, taken);
                return true;
            });
        } while (page.HasMore || page.Through > 0);
    }

    private void Take(EventPage page)
    {
        if (page.State != EventCursorState.Good)
            Problem ??= $"the cursor was {page.State}, and nothing was trimmed or restored; it goes on at {page.Next}";
        foreach (var of in page.Events)
            Take(of);
    }

    private void Take(BudgetEvent of)
    {
        if (ids.Add(of.Id))
            seen.Add(EventSeen.Of(of));
        else
            Repeats++;
    }

    private async Task<T> PatientlyAsync<T>(Func<Task<T>> ask)
    {
        while (true)
        {
            try
            {
                return await ask();
            }
            catch (Exception exception) when (exception is not ArgumentException)
            {
                await Task.Delay(Pause, time);
            }
        }
    }
}
