using System.Text.Json;
using AgentBudget.Webhooks.Tests.Signing;

namespace AgentBudget.Webhooks.Tests.Endpoints;

/// <summary>Events reach an endpoint: all that it asked for, signed, in the order of their sessions, in the form of CloudEvents.</summary>
public sealed class DeliveryTests : IAsyncLifetime
{
    private readonly WebhookWorld world = new();
    private Receiver receiver = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => receiver = await Receiver.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await world.DisposeAsync();
        await receiver.DisposeAsync();
    }

    [Fact]
    public async Task Webhook_OfOneLine_GetsEveryEventInOrderSigned()
    {
        var secret = WebhookSettings.NewSecret();
        await world.StartAsync(new() { Url = receiver.Url, Secret = secret });
        string[] ids = [await world.RunAsync("one", 5), await world.RunAsync("acme@two", 5)];
        var events = await world.EventsAsync();

        await world.UntilAsync(() => receiver.Once.Count == events.Length);

        Assert.Equal(events.Order(), receiver.All.Select(post => post.Id).Order());
        foreach (var id in ids)
            Assert.Equal(await world.EventsAsync(id), receiver.Taken.Where(post => post.Ledger == id).Select(post => post.Id));
        foreach (var post in receiver.All)
            Assert.True(Verifier.IsGenuine(secret, post.Headers, post.Body));
    }

    [Fact]
    public async Task Post_OfAnEvent_IsACloudEventThatHoldsIt()
    {
        await world.StartAsync(new() { Url = receiver.Url, Types = ["charge.recorded"] });
        await world.RunAsync("acme/research@one", 1, "0.25");
        await world.UntilAsync(() => receiver.All.Count == 1);

        var post = receiver.All[0];
        Assert.Equal("application/cloudevents+json; charset=utf-8", post.Headers["content-type"]);
        using var json = JsonDocument.Parse(post.Body);
        var message = json.RootElement;
        string Text(string name) => message.GetProperty(name).GetString()!;
        Assert.Equal(("1.0", post.Id, "agentbudget.charge.recorded"), (Text("specversion"), Text("id"), Text("type")));
        Assert.Equal(("/agentbudget/acme/research@one", "acme/research@one"), (Text("source"), Text("subject")));
        Assert.Equal("0.250000000", post.Data.GetProperty("data").GetProperty("cost").GetString());
        // Positions in the feed tell of the volume of others.
        Assert.DoesNotContain("position", post.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Endpoint_OfATenant_SeesNothingOfItsParentsAndNeighbours()
    {
        await world.StartAsync();
        var answer = await world.Webhooks.SetAsync(new() { Url = receiver.Url, Tenant = TenantPath.Parse("acme/research") }, Token);
        await world
            .Budget.Tenant("acme")
            .SetAsync(new TenantSettings { TotalLimit = Money.Parse("7777.77") }, "canary", "canary-parent", cancellationToken: Token);
        await world.RunAsync("acme@canary-parent", 3, "0.77777");
        await world.RunAsync("acme/sales@canary-sibling", 3, "0.77777");
        await world.RunAsync("acme/researchers@canary-namesake", 3, "0.77777");
        await world.RunAsync("other@canary-other", 3, "0.77777");
        await world.RunAsync("canary-alone", 3, "0.77777");
        await world.RunAsync("acme/research@mine", 3);
        await world.RunAsync("acme/research/alice@below", 3);
        string[] mine = ["acme/research@mine", "acme/research/alice@below", "~acme/research", "~acme/research/alice"];
        var expected = await world.EventsAsync(mine);

        await world.UntilAsync(() => receiver.Once.Count >= expected.Length);
        await world.UntilAsync(() => world.Webhooks.FindAsync(answer.Endpoint.Id).GetAwaiter().GetResult().Behind == 0);

        Assert.Equal(expected.Order(), receiver.Once.Select(post => post.Id).Order());
        Assert.All(receiver.All, post => Assert.DoesNotContain("canary", post.Body, StringComparison.Ordinal));
        Assert.All(receiver.All, post => Assert.DoesNotContain("7777", post.Body, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Secret_ThatWasRotated_SignsAsWellForADay()
    {
        await world.StartAsync();
        var added = await world.Webhooks.SetAsync(new() { Url = receiver.Url }, Token);
        var (former, id) = (added.Secret!, added.Endpoint.Id);
        var current = await world.Webhooks.RotateAsync(id, Token);

        var attempt = await world.Webhooks.TestAsync(id, Token);
        Assert.True(attempt.IsAccepted, attempt.Problem);
        var post = receiver.All[^1];
        Assert.True(Verifier.IsGenuine(former, post.Headers, post.Body));
        Assert.True(Verifier.IsGenuine(current, post.Headers, post.Body));
        Assert.Equal("agentbudget.test", JsonDocument.Parse(post.Body).RootElement.GetProperty("type").GetString());

        world.Clock.Advance(TimeSpan.FromHours(24));
        await world.Webhooks.TestAsync(id, Token);
        Assert.Single(receiver.All[^1].Headers["webhook-signature"].Split(' '));
    }

    [Fact]
    public async Task Secret_ThatIsRotatedTwiceWithinADay_LeavesTheFirstInForce()
    {
        await world.StartAsync();
        var added = await world.Webhooks.SetAsync(new() { Url = receiver.Url }, Token);
        var between = await world.Webhooks.RotateAsync(added.Endpoint.Id, Token);
        world.Clock.Advance(TimeSpan.FromMinutes(1));
        var current = await world.Webhooks.RotateAsync(added.Endpoint.Id, Token);
        await world.Webhooks.TestAsync(added.Endpoint.Id, Token);
        var post = receiver.All[^1];
        Assert.Equal(
            (true, false, true),
            (
                Verifier.IsGenuine(added.Secret!, post.Headers, post.Body),
                Verifier.IsGenuine(between, post.Headers, post.Body),
                Verifier.IsGenuine(current, post.Headers, post.Body)
            )
        );
        world.Clock.Advance(TimeSpan.FromMinutes((24 * 60) - 1));
        await world.Webhooks.TestAsync(added.Endpoint.Id, Token);
        Assert.Single(receiver.All[^1].Headers["webhook-signature"].Split(' '));
    }

    [Fact]
    public async Task Secret_BeforeThatCannotBeRead_IsPassedOver()
    {
        await world.StartAsync();
        var added = await world.Webhooks.SetAsync(new() { Url = receiver.Url }, Token);
        var current = await world.Webhooks.RotateAsync(added.Endpoint.Id, Token);
        var row = (await world.Budget.Store.Deliveries.ReadAsync(0, "webhooks", null, 10, Token)).Single();
        var stored = System.Text.Json.Nodes.JsonNode.Parse(row.Detail)!;
        stored["former_secret"] = "CfDJ8-of-a-key-that-is-gone";
        // Nothing delivers while it is altered, and writes its own over it.
        await world.Webhooks.PauseAsync(added.Endpoint.Id, Token);
        stored["state"] = "Paused";
        await world.Budget.Store.Deliveries.WriteAsync(0, [row with { Detail = stored.ToJsonString() }], [], Token);
        await world.Webhooks.TestAsync(added.Endpoint.Id, Token);
        Assert.True(Verifier.IsGenuine(current, receiver.All[^1].Headers, receiver.All[^1].Body));
    }

    [Fact]
    public async Task Secrets_InTheLedger_AreNotToBeRead()
    {
        var secret = WebhookSettings.NewSecret();
        await world.StartAsync(new() { Url = receiver.Url, Secret = secret });
        var rows = await world.Budget.Store.Deliveries.ReadAsync(0, "webhooks", null, 10, Token);
        Assert.Contains(receiver.Url, rows.Single().Detail, StringComparison.Ordinal);
        Assert.DoesNotContain(secret["whsec_".Length..], rows.Single().Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("whsec_", rows.Single().Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Endpoint_WithAHostileAddress_IsNotAddedWhereThatIsNotAllowed()
    {
        world.Configure = webhooks => webhooks.AllowInsecureAddresses = false;
        await world.StartAsync();
        foreach (var url in new[] { receiver.Url, "https://169.254.169.254/latest", "https://localhost/hook" })
        {
            await Assert.ThrowsAsync<ArgumentException>(() => world.Webhooks.SetAsync(new() { Url = url }, Token));
        }

        Assert.Empty(await world.Webhooks.ListAsync(null, Token));
    }
}
