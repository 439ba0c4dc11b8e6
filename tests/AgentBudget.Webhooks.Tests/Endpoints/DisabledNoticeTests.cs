using System.Text.Json;
using AgentBudget.Webhooks.Endpoints;

namespace AgentBudget.Webhooks.Tests.Endpoints;

/// <summary>An endpoint that is disabled is told of to the others of its tenant and of those above, and to nobody else.</summary>
public sealed class DisabledNoticeTests : IAsyncLifetime
{
    private const string Type = "agentbudget.webhook.disabled";

    private readonly WebhookWorld world = new();
    private Receiver gone = null!;
    private Receiver other = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => (gone, other) = (await Receiver.StartAsync(), await Receiver.StartAsync());

    public async ValueTask DisposeAsync()
    {
        await world.DisposeAsync();
        await gone.DisposeAsync();
        await other.DisposeAsync();
    }

    [Theory]
    [InlineData("acme", null)]
    [InlineData("acme", "acme")]
    [InlineData("acme/research", "acme")]
    [InlineData(null, null)]
    public void Endpoint_OfTheTenantOrOfOneAbove_IsTold(string? disabled, string? other) =>
        Assert.Single(DisabledNotice.Recipients(Endpoint("gone", disabled), [Endpoint("gone", disabled), Endpoint("other", other)]));

    [Theory]
    [InlineData("acme", "beta")]
    [InlineData("acme", "acme/research")]
    [InlineData("acme", "acme2")]
    [InlineData(null, "acme")]
    public void Endpoint_OfATenantBesideOrBelow_IsNotTold(string? disabled, string? other) =>
        Assert.Empty(DisabledNotice.Recipients(Endpoint("gone", disabled), [Endpoint("other", other)]));

    [Fact]
    public void Endpoint_ThatIsDisabledItself_IsNotTold() =>
        Assert.Empty(DisabledNotice.Recipients(Endpoint("gone", null), [Endpoint("other", null) with { State = WebhookState.Disabled }]));

    [Fact]
    public async Task Endpoint_ThatIsGone_IsToldOfOnceSignedAndWithoutItsAddress()
    {
        gone.OnPost = Receiver.Always(410);
        await world.StartAsync();
        await AddAsync("gone", gone, "acme", []);
        // Whatever it asked for; and one that is of another tenant.
        await AddAsync("other", other, null, ["limit.hard"]);
        await AddAsync("beside", other, "beta", []);
        await world.RunAsync("acme@one");
        await world.UntilAsync(() => Notices().Length > 0, TimeSpan.FromSeconds(1));
        await world.PassAsync(TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(1));

        var notice = Assert.Single(Notices());
        Assert.StartsWith("v1,", notice.Headers["webhook-signature"], StringComparison.Ordinal);
        Assert.Equal(("gone", "acme"), (Text(notice, "endpoint"), Text(notice, "tenant")));
        Assert.Contains("410", Text(notice, "reason"), StringComparison.Ordinal);
        Assert.DoesNotContain(new Uri(gone.Url).Authority, notice.Body, StringComparison.Ordinal);
        Assert.Equal(0, (await world.Webhooks.FindAsync("other", Token)).Waiting);
    }

    [Fact]
    public async Task Endpoint_ThatIsDownOrPausedThen_IsToldWhenItIsBack()
    {
        gone.OnPost = Receiver.Always(410);
        await world.StartAsync();
        await AddAsync("gone", gone, "acme", []);
        await AddAsync("other", other, "acme", ["limit.hard"]);
        await world.Webhooks.PauseAsync("other", Token);
        await world.RunAsync("acme@one");
        await DisabledAsync();

        await world.RestartAsync();
        other.OnPost = Receiver.Always(500);
        await world.Webhooks.ResumeAsync("other", Token);
        await world.UntilAsync(() => other.All.Count > 0, TimeSpan.FromSeconds(1));
        await world.RestartAsync();
        other.OnPost = Receiver.Always(200);
        await world.UntilAsync(() => Notices().Length > 0, TimeSpan.FromSeconds(10));
        Assert.Single(other.Once);
    }

    [Fact]
    public async Task Endpoint_ThatDoesNotWantANotice_IsWellAllTheSame()
    {
        gone.OnPost = Receiver.Always(410);
        other.OnPost = Receiver.Always(400);
        await world.StartAsync();
        await AddAsync("gone", gone, null, []);
        await AddAsync("other", other, null, ["limit.hard"]);
        await world.RunAsync("one");
        await DisabledAsync();

        await world.UntilAsync(() => other.All.Count > 1, TimeSpan.FromSeconds(10));
        await world.PassAsync(TimeSpan.FromHours(1), TimeSpan.FromMinutes(1));

        var endpoint = await world.Webhooks.FindAsync("other", Token);
        Assert.Equal((WebhookState.Active, null), (endpoint.State, endpoint.FailingSince));
    }

    private static StoredEndpoint Endpoint(string id, string? tenant) =>
        new()
        {
            Id = id,
            Url = "https://example.com/hook",
            Tenant = tenant,
            Secret = "",
        };

    private static string? Text(Received notice, string name) => notice.Data.GetProperty(name).GetString();

    private Received[] Notices() =>
        [
            .. other.Taken.Where(post =>
            {
                using var json = JsonDocument.Parse(post.Body);
                return json.RootElement.GetProperty("type").GetString() == Type;
            }),
        ];

    private Task<WebhookAnswer> AddAsync(string id, Receiver receiver, string? tenant, string[] types)
    {
        var of = tenant is null ? null : TenantPath.Parse(tenant);
        var settings = new WebhookSettings
        {
            Id = id,
            Url = receiver.Url,
            Tenant = of,
            Types = types,
        };
        return world.Webhooks.SetAsync(settings, Token);
    }

    private Task DisabledAsync() =>
        world.UntilAsync(
            () => world.Webhooks.FindAsync("gone", Token).GetAwaiter().GetResult().State == WebhookState.Disabled,
            TimeSpan.FromSeconds(1)
        );
}
