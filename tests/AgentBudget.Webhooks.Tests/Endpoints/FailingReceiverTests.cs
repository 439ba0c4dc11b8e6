using Microsoft.AspNetCore.Http;

namespace AgentBudget.Webhooks.Tests.Endpoints;

/// <summary>Whatever a receiver does, every event reaches it once by id, and nobody else waits for it.</summary>
public sealed class FailingReceiverTests : IAsyncLifetime
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly WebhookWorld world = new();
    private Receiver receiver = null!;

    public async ValueTask InitializeAsync() => receiver = await Receiver.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await world.DisposeAsync();
        await receiver.DisposeAsync();
    }

    [Fact]
    public async Task Receiver_DownForAnHour_GetsEveryEventWhenItIsBack()
    {
        await world.StartAsync(new() { Url = receiver.Url });
        var up = world.Clock.GetUtcNow().AddHours(1);
        receiver.OnPost = (_, context) =>
        {
            context.Response.StatusCode = world.Clock.GetUtcNow() < up ? 500 : 200;
            return Task.CompletedTask;
        };
        for (var i = 0; i < 12; i++)
        {
            await world.RunAsync($"down-{i}", 3);
            await world.PassAsync(TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(5));
        }

        Assert.Empty(receiver.Taken);
        await world.RunAsync("back", 3);
        await AllArriveAsync(TimeSpan.FromSeconds(1));
        // What waits goes out when the receiver is back, and not when its schedule would have it.
        Assert.True(world.Clock.GetUtcNow() < up.AddMinutes(40), $"{world.Clock.GetUtcNow() - up}");
    }

    [Fact]
    public async Task Receiver_ForWhichAsMuchWaitsAsMay_IsFoundBackSoonAndGetsEverything()
    {
        world.Configure = webhooks => webhooks.MaxWaiting = 4;
        receiver.OnPost = Receiver.Always(500);
        await world.StartAsync(new() { Url = receiver.Url });
        for (var i = 0; i < 20; i++)
            await world.RunAsync($"s-{i}");
        // Well into the schedule, where hours lie between two attempts.
        await world.PassAsync(TimeSpan.FromHours(4), TimeSpan.FromMinutes(1));
        receiver.OnPost = Receiver.Always(200);
        var back = world.Clock.GetUtcNow();
        await AllArriveAsync(TimeSpan.FromSeconds(5));
        Assert.True(world.Clock.GetUtcNow() - back < TimeSpan.FromMinutes(15), $"{world.Clock.GetUtcNow() - back}");
    }

    [Theory]
    [InlineData(500)]
    [InlineData(429)]
    [InlineData(302)]
    [InlineData(404)]
    public async Task Receiver_ThatRefusesEachEventTwice_GetsEveryEvent(int status)
    {
        await using var elsewhere = await Receiver.StartAsync();
        receiver.OnPost = (post, context) =>
        {
            context.Response.StatusCode = post.Number <= 2 ? status : 204;
            if (status == 302)
                context.Response.Headers.Location = elsewhere.Url;
            return Task.CompletedTask;
        };
        await world.StartAsync(new() { Url = receiver.Url });
        await world.RunAsync("one", 3);
        await AllArriveAsync(TimeSpan.FromSeconds(1));
        Assert.Empty(elsewhere.All);
        Assert.All(receiver.All.GroupBy(post => post.Id), posts => Assert.Single(posts.Select(post => post.Body).Distinct()));
    }

    [Fact]
    public async Task Receiver_ThatCutsConnections_GetsEveryEvent()
    {
        receiver.OnPost = async (post, context) =>
        {
            if (post.Number > 1)
                return;
            // In the middle of an answer: its length is said, and half of it.
            context.Response.StatusCode = 500;
            context.Response.ContentLength = 1_000;
            if (post.Sequence % 2 == 0)
                await context.Response.WriteAsync(new string('x', 500));
            context.Abort();
        };
        await world.StartAsync(new() { Url = receiver.Url });
        await world.RunAsync("one", 4);
        await AllArriveAsync(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Receiver_ThatSaysYesAndNeverEndsItsAnswer_HasTakenIt()
    {
        receiver.OnPost = async (_, context) =>
        {
            context.Response.ContentLength = 1_000;
            await context.Response.WriteAsync(new string('x', 500));
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        };
        await world.StartAsync(new() { Url = receiver.Url });
        await world.RunAsync("one", 2);
        var events = await world.EventsAsync();
        await world.UntilAsync(() => receiver.All.Count == events.Length);
        await world.PassAsync(TimeSpan.FromMinutes(10), TimeSpan.FromSeconds(10));
        Assert.Equal(events.Length, receiver.All.Count);
    }

    [Fact]
    public async Task Receiver_ThatIsSlow_IsNotWaitedForLongerThanMayBe()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        receiver.OnPost = (post, _) => post.Number == 1 ? release.Task : Task.CompletedTask;
        await world.StartAsync(new() { Url = receiver.Url });
        await world.RunAsync("one", 2);
        var events = await world.EventsAsync();
        await world.UntilAsync(() => receiver.Once.Count == events.Length, TimeSpan.FromSeconds(1));
        release.SetResult();
        Assert.All(receiver.All.GroupBy(post => post.Id), posts => Assert.Equal(2, posts.Count()));
    }

    [Fact]
    public async Task Receiver_ThatAsksForTime_GetsIt()
    {
        var began = world.Clock.GetUtcNow();
        var posts = new List<TimeSpan>();
        receiver.OnPost = (_, context) =>
        {
            lock (posts)
                posts.Add(world.Clock.GetUtcNow() - began);
            if (posts.Count > 1)
                return Task.CompletedTask;
            context.Response.StatusCode = 429;
            context.Response.Headers.RetryAfter = "600";
            return Task.CompletedTask;
        };
        world.Configure = webhooks => webhooks.PostsAtOnce = 1;
        await world.StartAsync(new() { Url = receiver.Url });
        await world.RunAsync("one");
        await world.UntilAsync(() => receiver.All.Count == 1);
        await world.RunAsync("two");
        await AllArriveAsync(TimeSpan.FromSeconds(10));
        Assert.True(posts[1] - posts[0] >= TimeSpan.FromSeconds(600), $"{posts[1] - posts[0]}");
        Assert.True(posts[1] - posts[0] < TimeSpan.FromSeconds(700), $"{posts[1] - posts[0]}");
    }

    [Fact]
    public async Task Receiver_ThatIsGone_IsDisabledAndGetsEverythingWhenItIsResumed()
    {
        receiver.OnPost = Receiver.Always(410);
        await world.StartAsync();
        var id = (await world.Webhooks.SetAsync(new() { Url = receiver.Url }, TestContext.Current.CancellationToken)).Endpoint.Id;
        await world.RunAsync("one", 3);
        await world.UntilAsync(() => StateOf(id) == WebhookState.Disabled);
        var before = receiver.All.Count;
        await world.RunAsync("two", 3);
        await world.PassAsync(TimeSpan.FromHours(2), TimeSpan.FromMinutes(1));
        Assert.Equal(before, receiver.All.Count);
        Assert.Contains(
            "410",
            (await world.Webhooks.FindAsync(id, TestContext.Current.CancellationToken)).Reason,
            StringComparison.Ordinal
        );

        receiver.OnPost = Receiver.Always(200);
        await world.Webhooks.ResumeAsync(id, TestContext.Current.CancellationToken);
        await AllArriveAsync(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Event_ThatIsNeverTaken_HoldsUpItsSessionForItsFirstTriesAndNobodyElse()
    {
        receiver.OnPost = (post, context) =>
        {
            if (post is { Ledger: "bad", Sequence: 2 })
                context.Response.StatusCode = 500;
            return Task.CompletedTask;
        };
        await world.StartAsync(new() { Url = receiver.Url });
        var began = world.Clock.GetUtcNow();
        await world.RunAsync("bad", 4);
        await world.RunAsync("good", 4);
        // The clock goes slowly, so that a machine with much to do does not make seconds of it.
        await world.UntilAsync(() => receiver.Once.Count(post => post.Ledger == "good") == 5, TimeSpan.FromMilliseconds(5));
        Assert.True(world.Clock.GetUtcNow() - began < TimeSpan.FromSeconds(5));
        Assert.Equal([1L], receiver.Once.Where(post => post.Ledger == "bad").Select(post => post.Sequence));

        await world.UntilAsync(() => receiver.Once.Count(post => post.Ledger == "bad") == 4, TimeSpan.FromMilliseconds(20));
        Assert.Equal([1L, 3L, 4L, 5L], receiver.Once.Where(post => post.Ledger == "bad").Select(post => post.Sequence));
        Assert.True(world.Clock.GetUtcNow() - began < TimeSpan.FromSeconds(30));
        Assert.Equal(2, receiver.All.Count(post => post is { Ledger: "bad", Sequence: 2 }));
    }

    [Fact]
    public async Task Receiver_ThatHangs_ChangesNothingForAnotherAndForCharges()
    {
        var never = new TaskCompletionSource();
        await using var other = await Receiver.StartAsync();
        receiver.OnPost = (_, _) => never.Task;
        await world.StartAsync(new() { Url = receiver.Url });
        await world.Webhooks.SetAsync(new() { Url = other.Url }, TestContext.Current.CancellationToken);
        var began = world.Clock.GetUtcNow();
        for (var i = 0; i < 20; i++)
            await world.RunAsync($"s-{i}", 3);
        await world.UntilAsync(() => other.Once.Count == 80, TimeSpan.FromMilliseconds(5));
        // By the clock of attempts, within which the first one of the other has not even ended.
        Assert.True(world.Clock.GetUtcNow() - began < TimeSpan.FromSeconds(15));
        never.SetResult();
    }

    [Fact]
    public async Task Endpoints_OfOneHostOfWhichOneHangs_DoNotWaitForItsConnections()
    {
        const int connections = 64;
        var never = new TaskCompletionSource();
        receiver.OnPost = (_, context) => context.Request.Path == "/hook/hangs" ? never.Task : Task.CompletedTask;
        world.Configure = webhooks => webhooks.PostsAtOnce = connections;
        await world.StartAsync(new() { Url = receiver.Url + "/hangs", Types = ["session.opened"] });
        for (var i = 0; i < connections; i++)
            await world.RunAsync($"s-{i}", 0);
        await world.UntilAsync(() => receiver.All.Count == connections);
        await world.Webhooks.SetAsync(
            new() { Url = receiver.Url + "/well", Types = ["charge.recorded"] },
            TestContext.Current.CancellationToken
        );
        var began = world.Clock.GetUtcNow();
        for (var i = 0; i < 8; i++)
            await world.ChargeAsync($"s-{i}");
        await world.UntilAsync(
            () => receiver.Taken.Count == 8 || world.Clock.GetUtcNow() - began > TimeSpan.FromSeconds(14),
            TimeSpan.FromMilliseconds(20)
        );
        Assert.Equal(8, receiver.Taken.Count);
        never.SetResult();
    }

    [Fact]
    public async Task Receiver_ForWhichAsMuchWaitsAsMay_IsSaidToBeFullUntilItHasRoom()
    {
        world.Configure = webhooks => webhooks.MaxWaiting = 4;
        receiver.OnPost = Receiver.Always(500);
        await world.StartAsync();
        var id = (await world.Webhooks.SetAsync(new() { Url = receiver.Url }, TestContext.Current.CancellationToken)).Endpoint.Id;
        for (var i = 0; i < 6; i++)
            await world.RunAsync($"s-{i}");
        await world.UntilAsync(() => Endpoint().FullSince is not null, TimeSpan.FromSeconds(1));
        var since = Endpoint().FullSince;
        await world.RestartAsync();
        await world.PassAsync(TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(1));
        Assert.Equal(since, Endpoint().FullSince);

        receiver.OnPost = Receiver.Always(200);
        await world.UntilAsync(() => Endpoint().FullSince is null, TimeSpan.FromSeconds(10));

        WebhookEndpoint Endpoint() => world.Webhooks.FindAsync(id, TestContext.Current.CancellationToken).GetAwaiter().GetResult();
    }

    [Fact]
    public async Task Host_ThatRestartsWhileAReceiverFails_LosesNothing()
    {
        receiver.OnPost = Receiver.Always(503);
        await world.StartAsync();
        var id = (await world.Webhooks.SetAsync(new() { Url = receiver.Url }, TestContext.Current.CancellationToken)).Endpoint.Id;
        for (var round = 0; round < 3; round++)
        {
            await world.RunAsync($"round-{round}", 4);
            await world.PassAsync(TimeSpan.FromSeconds(12), TimeSpan.FromSeconds(1));
            await world.RestartAsync();
        }

        var waiting = (await world.Webhooks.FindAsync(id, TestContext.Current.CancellationToken)).Waiting;
        Assert.True(waiting > 0);
        receiver.OnPost = Receiver.Always(200);
        await AllArriveAsync(TimeSpan.FromSeconds(5));
        await world.RestartAsync();
        await world.RunAsync("after", 2);
        await AllArriveAsync(TimeSpan.FromSeconds(1));
    }

    private async Task AllArriveAsync(TimeSpan step)
    {
        var events = await world.EventsAsync();
        await world.UntilAsync(() => receiver.Once.Count >= events.Length, step);
        Assert.Equal(events.Order(), receiver.Once.Select(post => post.Id).Order());
    }

    private WebhookState StateOf(string id) =>
        world.Webhooks.FindAsync(id, TestContext.Current.CancellationToken).GetAwaiter().GetResult().State;
}
