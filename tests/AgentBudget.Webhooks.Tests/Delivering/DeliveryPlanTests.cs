using AgentBudget.Webhooks.Delivering;
using AgentBudget.Webhooks.Sending;

namespace AgentBudget.Webhooks.Tests.Delivering;

/// <summary>What an endpoint is posted next, without clock and I/O.</summary>
public sealed class DeliveryPlanTests
{
    private static readonly PostOutcome Taken = new(200, null, TimeSpan.Zero);
    private static readonly PostOutcome Failed = new(500, "answered 500", TimeSpan.Zero);

    private readonly DeliveryPlan plan = new(1, atOnce: 4, mostWaiting: 10);
    private DateTimeOffset now = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);
    private long position;

    [Fact]
    public void Posts_OfOneLedger_GoOneAfterTheOther()
    {
        Add("a1", "a2", "b1");
        var (first, other) = (Next("a1"), Next("b1"));
        Assert.Null(plan.Next(now));
        plan.Ended(other, Taken, now);
        Assert.Null(plan.Next(now));
        plan.Ended(first, Taken, now);
        plan.Ended(Next("a2"), Taken, now);
        Assert.Equal(1, plan.TakeDone(0)?.Position);
    }

    [Fact]
    public void Post_ThatFails_HoldsUpItsOwnLedgerForItsFirstTriesOnly()
    {
        Add("a1", "a2", "b1");
        plan.Ended(Next("a1"), Failed, now);
        plan.Ended(Next("b1"), Taken, now);
        Assert.Null(plan.Next(now));
        Assert.Equal(now.AddSeconds(5), plan.NextAt(now));
        now += TimeSpan.FromSeconds(5);
        plan.Ended(Next("a1"), Failed, now);
        plan.Ended(Next("a2"), Taken, now);
        Assert.Null(plan.Next(now));
        Assert.Equal((1, now.AddMinutes(5)), (plan.Waiting, plan.NextAt(now)));
    }

    [Fact]
    public void Page_OfWhichAPostWaits_IsDoneWhenThatIsWrittenDown()
    {
        Add("a1");
        Add("b1");
        plan.Ended(Next("a1"), Failed, now);
        plan.Ended(Next("b1"), Taken, now);
        now += TimeSpan.FromSeconds(5);
        plan.Ended(Next("a1"), Failed, now);
        Assert.Null(plan.TakeDone(0));
        var changes = plan.TakeChanges();
        Assert.Equal(["a1"], changes.Kept.Select(post => post.Post.Id));
        plan.GiveBack(changes);
        Assert.Null(plan.TakeDone(0));
        DeliveryPlan.Saved(plan.TakeChanges());
        Assert.Equal(2, plan.TakeDone(0)?.Position);
        Assert.Null(plan.TakeDone(0));
    }

    [Fact]
    public void Post_ThatFailsAlways_IsGivenUpAfterTheLastAttemptOfTheSchedule()
    {
        var began = now;
        Add("a1");
        var isGivenUp = false;
        var attempts = 0;
        while (!isGivenUp)
        {
            now = plan.NextAt(now)!.Value;
            isGivenUp = plan.Ended(Next("a1"), Failed, now);
            attempts++;
        }

        Assert.Equal((10, new TimeSpan(75, 35, 5)), (attempts, now - began));
        DeliveryPlan.Saved(plan.TakeChanges());
        Assert.Equal((0, 1), (plan.Waiting, plan.TakeDone(0)?.Position));
        Assert.Null(plan.NextAt(now));
    }

    [Fact]
    public void Post_BroughtForwardInVain_KeepsItsPlaceInTheSchedule()
    {
        var post = Waiting("a1");
        var due = post.DueAt;
        plan.BringForward(now);
        plan.Ended(Next("a1"), Failed, now);
        Assert.Null(plan.Next(now));
        Assert.Equal((due, 2), (plan.NextAt(now), post.Failed));
        plan.BringForward(now);
        plan.Ended(Next("a1"), Taken, now);
        Assert.Equal(["a1"], plan.TakeChanges().Forgotten.Select(each => each.Post.Id));
    }

    [Fact]
    public void Post_WhoseEndpointAsksForTime_GetsThatMuch()
    {
        Add("a1");
        plan.Ended(Next("a1"), Failed, now);
        now += TimeSpan.FromSeconds(5);
        plan.Ended(Next("a1"), Failed with { RetryAfter = TimeSpan.FromHours(1) }, now);
        Assert.Equal(now.AddHours(1), plan.NextAt(now));
    }

    [Fact]
    public void Posts_ThatWait_TakeHalfOfThePlacesAtMost()
    {
        for (var i = 0; i < 4; i++)
            Waiting($"{(char)('a' + i)}1");
        plan.BringForward(now);
        Add("x1", "y1", "z1");
        var underWay = new List<string>();
        while (plan.Next(now) is { } next)
            underWay.Add(next.Post.Id);
        Assert.Equal(["a1", "b1", "x1", "y1"], underWay);
    }

    [Fact]
    public void Page_WithWhatWaitsAlready_PassesItOver()
    {
        plan.TakeUp(PlannedPost.Waiting(PostOf("a1"), 0, 2, now.AddHours(1)));
        Add("a1", "a2");
        plan.Ended(Next("a2"), Taken, now);
        Assert.Null(plan.Next(now));
        Assert.Equal(1, plan.TakeDone(0)?.Position);
    }

    [Fact]
    public void Plan_InWhichTooManyWait_WantsNothingMore()
    {
        for (var i = 0; i < 10; i++)
        {
            Assert.True(plan.WantsMore);
            Waiting($"{(char)('a' + i)}1");
        }

        Assert.False(plan.WantsMore);
    }

    [Fact]
    public void Probe_OfAFullPlan_IsOneAttemptOutOfTheSchedule()
    {
        var (first, second) = (Waiting("a1"), Waiting("b1"));
        var due = first.DueAt;
        plan.Probe(now);
        var probed = plan.Next(now);
        Assert.Same(first, probed);
        Assert.Null(plan.Next(now));
        plan.Ended(first, Failed, now);
        Assert.Equal((due, 2, 2), (first.TryAt, first.Failed, second.Failed));
    }

    private static Post PostOf(string id) => new(id, "type", id[..1], "{}");

    private void Add(params string[] ids) => plan.Add(0, EventCursor.Start(0).After(new EventMark(++position, 1)), ids.Select(PostOf));

    private PlannedPost Next(string id)
    {
        var next = plan.Next(now);
        Assert.Equal(id, next?.Post.Id);
        return next!;
    }

    private PlannedPost Waiting(string id)
    {
        Add(id);
        var at = now;
        plan.Ended(Next(id), Failed, now);
        now += TimeSpan.FromSeconds(5);
        var post = Next(id);
        plan.Ended(post, Failed, now);
        DeliveryPlan.Saved(plan.TakeChanges());
        now = at;
        return post;
    }
}
