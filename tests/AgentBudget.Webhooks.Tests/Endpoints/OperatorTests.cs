using System.Diagnostics.Metrics;
using AgentBudget.Orleans.Storage;
using AgentBudget.Webhooks.Endpoints;

namespace AgentBudget.Webhooks.Tests.Endpoints;

/// <summary>What operators do with endpoints.</summary>
public sealed class OperatorTests : IAsyncLifetime
{
    private readonly WebhookWorld world = new();
    private Receiver receiver = null!;
    private string id = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        receiver = await Receiver.StartAsync();
        await world.StartAsync();
        id = (await world.Webhooks.SetAsync(new() { Url = receiver.Url }, Token)).Endpoint.Id;
    }

    public async ValueTask DisposeAsync()
    {
        await world.DisposeAsync();
        await receiver.DisposeAsync();
    }

    [Fact]
    public async Task Endpoint_ThatIsPaused_KeepsEverythingOverARestart()
    {
        await world.Webhooks.PauseAsync(id, Token);
        await world.RunAsync("one", 5);
        await world.RestartAsync();
        await world.PassAsync(TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(1));
        Assert.Empty(receiver.All);
        Assert.Equal(WebhookState.Paused, (await world.Webhooks.FindAsync(id, Token)).State);

        await world.Webhooks.ResumeAsync(id, Token);
        await world.UntilAsync(() => receiver.Once.Count == 6);
        Assert.Equal(Enumerable.Range(1, 6).Select(i => (long)i), receiver.Taken.Select(post => post.Sequence));
    }

    [Fact]
    public async Task Endpoint_OfAnEmptyLedgerThatWasOutrunWhilePaused_IsToldSo()
    {
        var lost = 0L;
        using var meters = new MeterListener();
        meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "agentbudget.streams.lost_places")
                listener.EnableMeasurementEvents(instrument);
        };
        meters.SetMeasurementEventCallback<long>((_, measured, _, _) => Interlocked.Add(ref lost, measured));
        meters.Start();
        await world.Webhooks.PauseAsync(id, Token);
        await world.RunAsync("one", 5);
        // As the sweep does behind the cap.
        await world.Budget.Store.Feed.TrimFeedAsync(0, 4, Token);
        await world.Webhooks.ResumeAsync(id, Token);
        await world.UntilAsync(() => receiver.Once.Count == 3);
        Assert.Equal([4L, 5L, 6L], receiver.Taken.Select(post => post.Sequence));
        Assert.Equal(1, Interlocked.Read(ref lost));
    }

    [Fact]
    public async Task Replay_FromATime_PostsAgainOldestFirst()
    {
        await world.RunAsync("one", 2);
        await world.UntilAsync(() => receiver.All.Count == 3);
        await world.PassAsync(TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(1));
        var since = world.Clock.GetUtcNow();
        await world.ChargeAsync("one", 3);
        await world.UntilAsync(() => receiver.All.Count == 6);

        await world.Webhooks.ReplayAsync(id, since, Token);
        await world.UntilAsync(() => receiver.All.Count == 9);
        Assert.Equal([4L, 5L, 6L], receiver.All.Skip(6).Select(post => post.Sequence));
        Assert.Equal(receiver.All.Skip(3).Take(3).Select(post => post.Id), receiver.All.Skip(6).Select(post => post.Id));
    }

    [Fact]
    public async Task Replay_FromAPosition_PostsAgainFromThereOn()
    {
        await world.RunAsync("one", 4);
        await world.UntilAsync(() => receiver.All.Count == 5);
        await world.Webhooks.ReplayAsync(id, 0, 4, Token);
        await world.UntilAsync(() => receiver.All.Count == 7);
        Assert.Equal([4L, 5L], receiver.All.Skip(5).Select(post => post.Sequence));
        await Assert.ThrowsAsync<ArgumentException>(() => world.Webhooks.ReplayAsync(id, 0, 100, Token));
        await Assert.ThrowsAsync<ArgumentException>(() => world.Webhooks.ReplayAsync(id, 1, 1, Token));
    }

    [Fact]
    public async Task Replay_FromBehindWhatWasNeverPosted_SkipsNothing()
    {
        await world.RunAsync("one", 1);
        await world.UntilAsync(() => receiver.All.Count == 2);
        await world.Webhooks.PauseAsync(id, Token);
        await world.ChargeAsync("one", 2);
        world.Clock.Advance(TimeSpan.FromDays(3));
        await world.ChargeAsync("one", 1);

        Assert.Equal(3, (await world.Webhooks.ReplayAsync(id, world.Clock.GetUtcNow().AddHours(-2), Token)).Behind);
        Assert.Equal(3, (await world.Webhooks.ReplayAsync(id, 0, 5, Token)).Behind);
        await world.Webhooks.ResumeAsync(id, Token);
        await world.UntilAsync(() => receiver.All.Count >= 5);
        Assert.Equal([1L, 2L, 3L, 4L, 5L], receiver.Taken.Select(post => post.Sequence).Take(5));
    }

    [Fact]
    public async Task Replay_FromATimeToCome_IsRefused()
    {
        var refused = await Assert.ThrowsAsync<ArgumentException>(() =>
            world.Webhooks.ReplayAsync(id, world.Clock.GetUtcNow().AddHours(1), Token)
        );
        Assert.Contains("to come", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replay_OfWhatWaits_TriesAllOfItAtOnce()
    {
        receiver.OnPost = Receiver.Always(500);
        await world.RunAsync("one", 3);
        await world.UntilAsync(() => world.Webhooks.FindAsync(id, Token).GetAwaiter().GetResult().Waiting == 4, TimeSpan.FromSeconds(1));
        receiver.OnPost = Receiver.Always(200);
        var before = world.Clock.GetUtcNow();
        await world.Webhooks.ReplayAsync(id, before, Token);
        await world.UntilAsync(() => receiver.Once.Count == 4, TimeSpan.FromMilliseconds(5));
        Assert.True(world.Clock.GetUtcNow() - before < TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Replay_OfWhatWasGivenUp_PostsItAgain()
    {
        receiver.OnPost = Receiver.Always(500);
        await world.RunAsync("one");
        await world.UntilAsync(
            () => world.Webhooks.AttemptsAsync(id, 100, Token).GetAwaiter().GetResult().Count(attempt => attempt.IsGivenUp) == 2,
            TimeSpan.FromMinutes(10)
        );
        var attempts = await world.Webhooks.AttemptsAsync(id, 100, Token);
        Assert.Equal(
            Enumerable.Range(1, 10).SelectMany(number => new[] { number, number }),
            attempts.Select(attempt => attempt.Number).Order()
        );
        receiver.OnPost = Receiver.Always(200);
        await world.Webhooks.ReplayAsync(id, world.Clock.GetUtcNow().AddDays(-7), Token);
        await world.UntilAsync(() => receiver.Once.Count == 2);
    }

    [Fact]
    public async Task Attempts_OfAnEndpoint_SayWhatCameOfThem()
    {
        receiver.OnPost = (post, context) =>
        {
            context.Response.StatusCode = post.Number == 1 ? 500 : 202;
            return Task.CompletedTask;
        };
        await world.RunAsync("one");
        await world.UntilAsync(() => receiver.Once.Count == 2);
        await world.UntilAsync(() => world.Webhooks.AttemptsAsync(id, 10, Token).GetAwaiter().GetResult().Count == 4);
        var attempts = await world.Webhooks.AttemptsAsync(id, 10, Token);
        Assert.Equal([(2, 202), (1, 500), (2, 202), (1, 500)], attempts.Select(attempt => (attempt.Number, attempt.Status)));
        Assert.Equal([null, "answered 500"], attempts.Take(2).Select(attempt => attempt.Problem));
        await world.RestartAsync();
        Assert.Equal(attempts, await world.Webhooks.AttemptsAsync(id, 10, Token));
    }

    [Fact]
    public async Task Endpoint_ThatIsSetAgain_IsChangedAndGoesOn()
    {
        await world.RunAsync("one", 2);
        await world.UntilAsync(() => receiver.All.Count == 3);
        await using var other = await Receiver.StartAsync();
        var changed = await world.Webhooks.SetAsync(
            new()
            {
                Id = id,
                Url = other.Url,
                Types = ["charge.recorded"],
            },
            Token
        );
        Assert.Null(changed.Secret);
        await world.RunAsync("two", 2);
        await world.UntilAsync(() => other.All.Count == 2);
        Assert.Equal(3, receiver.All.Count);
        Assert.Single(await world.Webhooks.ListAsync(null, Token));
    }

    [Fact]
    public async Task Endpoint_GivenAnotherTenant_IsRefusedAndPostsNothingToTheNewAddress()
    {
        await using var other = await Receiver.StartAsync();
        var settings = new WebhookSettings
        {
            Id = "of-acme",
            Url = receiver.Url,
            Tenant = TenantPath.Parse("acme"),
        };
        await world.Webhooks.SetAsync(settings, Token);
        receiver.OnPost = Receiver.Always(500);
        await world.RunAsync("acme@one");
        await world.PassAsync(TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(1));

        foreach (var tenant in new[] { TenantPath.Parse("globex"), null })
        {
            var refused = await Assert.ThrowsAsync<ArgumentException>(() =>
                world.Webhooks.SetAsync(settings with { Url = other.Url, Tenant = tenant }, Token)
            );
            Assert.Contains("remove it", refused.Message, StringComparison.Ordinal);
        }

        await world.PassAsync(TimeSpan.FromHours(1), TimeSpan.FromSeconds(30));
        Assert.Empty(other.All);
        Assert.Equal("acme", (await world.Webhooks.FindAsync("of-acme", Token)).Tenant?.ToString());
    }

    [Fact]
    public async Task Endpoint_ThatIsNew_GetsNothingOfWhatOneOfItsIdLeftBehind()
    {
        // As a removal leaves it that failed half way, or one that a delivery was behind.
        var left = new DeliveryRow(
            "webhooks/again/waiting",
            "left",
            """{"id":"left","type":"x","ledger":"one","body":"{}","failed":2,"due_at":"2026-01-01T00:00:00+00:00"}"""
        );
        await world.Budget.Store.Deliveries.WriteAsync(0, [left], [], Token);
        await world.Webhooks.SetAsync(new() { Id = "again", Url = receiver.Url }, Token);
        await world.PassAsync(TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(1));
        Assert.Empty(receiver.All);
    }

    [Fact]
    public async Task Endpoint_ThatIsRemoved_LeavesNothingBehind()
    {
        receiver.OnPost = Receiver.Always(500);
        await world.RunAsync("one");
        await world.PassAsync(TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(1));
        await world.Webhooks.RemoveAsync(id, Token);
        Assert.Empty(await world.Webhooks.ListAsync(null, Token));
        foreach (var list in new[] { "webhooks", $"webhooks/{id}/waiting", $"webhooks/{id}/attempts" })
            Assert.Empty(await world.Budget.Store.Deliveries.ReadAsync(0, list, null, 10, Token));
        Assert.Empty(await world.Budget.Store.Feed.ReadConsumersAsync(0, Token));
        await Assert.ThrowsAsync<ArgumentException>(() => world.Webhooks.FindAsync(id, Token));
    }

    [Fact]
    public async Task Endpoints_MoreThanThereShouldBe_AreAllFound()
    {
        var row = (await world.Budget.Store.Deliveries.ReadAsync(0, "webhooks", null, 10, Token)).Single();
        var more = Enumerable.Range(0, 130).Select(i => row with { Name = $"more-{i}", Detail = row.Detail.Replace(id, $"more-{i}") });
        await world.Budget.Store.Deliveries.WriteAsync(0, [.. more], [], Token);
        Assert.Equal(131, (await EndpointRows.ReadAllAsync(world.Budget.Store, Token)).Count);
        Assert.NotNull(await EndpointRows.FindAsync(world.Budget.Store, id, Token));
    }

    [Fact]
    public async Task Test_OfAnEndpointThatIsPausedAfterARestart_IsLoggedBehindTheOthers()
    {
        await world.RunAsync("one", 2);
        await world.UntilAsync(() => receiver.All.Count == 3);
        await world.Webhooks.PauseAsync(id, Token);
        await world.RestartAsync();
        await world.Webhooks.TestAsync(id, Token);
        var attempts = await world.Webhooks.AttemptsAsync(id, 10, Token);
        Assert.Equal(4, attempts.Count);
        Assert.Equal("test", attempts[0].Type.Split('.')[^1]);
    }

    [Fact]
    public async Task Keys_ThatAreLost_AreSaidAndMendedByAnotherSecret()
    {
        await world.RestartAsync(losesKeys: true);
        var failed = await Assert.ThrowsAsync<AgentBudgetException>(() => world.Webhooks.TestAsync(id, Token));
        Assert.Contains("webhooks rotate", failed.Message, StringComparison.Ordinal);
        await world.RunAsync("one");
        await world.PassAsync(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(1));
        Assert.Empty(receiver.All);

        var secret = await world.Webhooks.RotateAsync(id, Token);
        await world.UntilAsync(() => receiver.All.Count == 2);
        Assert.All(receiver.All, post => Assert.True(Signing.Verifier.IsGenuine(secret, post.Headers, post.Body)));
    }

    [Fact]
    public async Task Endpoint_ThatThereIsNot_IsSaid()
    {
        var refused = await Assert.ThrowsAsync<ArgumentException>(() => world.Webhooks.PauseAsync("other", Token));
        Assert.Contains("'other'", refused.Message, StringComparison.Ordinal);
    }
}
