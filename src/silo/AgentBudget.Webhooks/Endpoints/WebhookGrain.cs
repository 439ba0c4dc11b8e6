using AgentBudget.Webhooks.Delivering;
using AgentBudget.Webhooks.Sending;
using AgentBudget.Webhooks.Signing;

namespace AgentBudget.Webhooks.Endpoints;

/// <summary>One endpoint: owns its delivery while it lives, and stops it for whatever changes it. Where two of them live for a moment, the
/// one that came later keeps the cursors, and the other at worst posts what is posted again.</summary>
[GrainType("agentbudget.webhook")]
internal sealed class WebhookGrain(WebhookServices services) : Grain, IWebhook, IIncomingGrainCallFilter
{
    private const string HalfRemoved = "its removal did not come to its end; remove it again";

    private readonly AttemptLog attempts = new();
    private EndpointDelivery? delivery;
    private bool isCounted;

    private string Id => this.GetPrimaryKeyString();

    private DateTimeOffset Now => services.Clock.Time.GetUtcNow();

    public Task Invoke(IIncomingGrainCallContext context) => StoreErrors.TranslateAsync(context);

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => StopAsync();

    public async Task<WebhookAnswer> SetAsync(WebhookSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        settings.Validate();
        var known = await FindOrNullAsync();
        var made = settings.Secret is null && known is null ? WebhookSettings.NewSecret() : null;
        if (settings.Secret is { } given)
            SigningSecret.Parse(given);
        var wanted = settings with { Id = Id, Secret = settings.Secret ?? made };
        if (known is not null)
        {
            EndpointChange.EnsureSameTenant(known, wanted);
            return new WebhookAnswer { Endpoint = await ChangeAsync(endpoint => EndpointChange.Set(endpoint, wanted, services, Now)) };
        }

        var added = EndpointChange.Set(null, wanted, services, Now);
        await EndpointFeed.RegisterAsync(services, Id);
        return new WebhookAnswer { Endpoint = await PutAsync(added), Secret = made };
    }

    public async Task<WebhookEndpoint> FindAsync() => await ToldAsync(await FindStoredAsync());

    public Task<WebhookEndpoint> PauseAsync() =>
        ChangeAsync(endpoint => endpoint with { State = WebhookState.Paused, Reason = null, QuietUntil = null });

    public Task<WebhookEndpoint> ResumeAsync() => ChangeAsync(Resumed);

    public async Task<WebhookEndpoint> RotateAsync(string secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        SigningSecret.Parse(secret);
        return await ChangeAsync(endpoint => EndpointChange.WithSecret(endpoint, secret, services, Now));
    }

    public Task<WebhookEndpoint> ReplaySinceAsync(DateTimeOffset since)
    {
        if (since > Now)
            throw new ArgumentException($"{since:u} is yet to come; name a time that is past by the server's clock, {Now:u}.");
        return ReplayAsync(() => EndpointFeed.MoveBackAsync(services, Id, since));
    }

    public Task<WebhookEndpoint> ReplayFromAsync(int partition, long position)
    {
        if (partition < 0 || partition >= services.Store.Partitions)
            throw new ArgumentException($"The ledger has no partition {partition}; it has {services.Store.Partitions}, the first is 0.");
        if (position < 1)
            throw new ArgumentException($"The position is {position}; the first is 1.");
        return ReplayAsync(() => EndpointFeed.MoveBackAsync(services, Id, partition, position));
    }

    public async Task<WebhookAttempt> TestAsync()
    {
        var endpoint = await FindStoredAsync();
        if (!isCounted)
            await CountAttemptsAsync();
        var at = Now;
        var post = EventPosts.OfTest($"test_{Guid.CreateVersion7(at):N}", Id, at);
        var address = Addresses.EndpointAddress.Parse(endpoint.Url, services.Options.AllowInsecureAddresses);
        var secrets = LiveSecrets.Of(endpoint, services.Keeper).At(at);
        using var sender = services.NewSender(atOnce: 1);
        var outcome = await sender.SendAsync(address, post, secrets, CancellationToken.None);
        var attempt = StoredAttempt.Of(post, at, 1, outcome, isGivenUp: false);
        attempts.Add(attempt);
        if (delivery is null or { IsOver: true })
            await SaveAttemptsAsync();
        return attempt.ToAttempt();
    }

    public async Task<IReadOnlyList<WebhookAttempt>> AttemptsAsync(int count)
    {
        if (count is < 1 or > EndpointRows.KeptAttempts)
            throw new ArgumentException($"The attempts asked for are {count}; 1 to {EndpointRows.KeptAttempts:N0} may be.");
        await FindStoredAsync();
        var unsaved = attempts.Unsaved();
        var saved = await EndpointRows.ReadAttemptsAsync(services.Store, Id, CancellationToken.None);
        var all = unsaved.Concat(saved).DistinctBy(attempt => attempt.No).OrderByDescending(attempt => attempt.No);
        return [.. all.Take(count).Select(attempt => attempt.ToAttempt())];
    }

    public async Task RemoveAsync()
    {
        await FindStoredAsync();
        await StopAsync();
        // Should it fail half way: what is woken then without its place would begin with the oldest.
        var removing = (await FindStoredAsync()) with
        {
            State = WebhookState.Disabled,
            Reason = HalfRemoved,
        };
        await services.Store.Deliveries.WriteAsync(0, [EndpointRows.RowOf(removing)], [], CancellationToken.None);
        await EndpointFeed.UnregisterAsync(services, Id);
        DeactivateOnIdle();
    }

    public async Task WakeAsync()
    {
        if (delivery is { IsOver: false } running)
            running.Tell(await EndpointFeed.TakeNoticesAsync(services, Id));
        else if (await FindOrNullAsync() is { } endpoint)
            await StartAsync(endpoint);
        else
            DeactivateOnIdle();
    }

    private static StoredEndpoint Resumed(StoredEndpoint endpoint) =>
        endpoint with
        {
            State = WebhookState.Active,
            Reason = null,
            FailingSince = null,
            QuietUntil = null,
        };

    private async Task<WebhookEndpoint> ReplayAsync(Func<Task> move)
    {
        await FindStoredAsync();
        await StopAsync();
        await move();
        return await ChangeAsync(endpoint => endpoint with { QuietUntil = null });
    }

    private async Task<WebhookEndpoint> ChangeAsync(Func<StoredEndpoint, StoredEndpoint> change)
    {
        await FindStoredAsync();
        // What the delivery wrote down at its end is what is changed.
        await StopAsync();
        return await PutAsync(change(await FindStoredAsync()));
    }

    private async Task<WebhookEndpoint> PutAsync(StoredEndpoint changed)
    {
        await StopAsync();
        await services.Store.Deliveries.WriteAsync(0, [EndpointRows.RowOf(changed)], [], CancellationToken.None);
        await StartAsync(changed);
        return await ToldAsync(changed);
    }

    private async Task StartAsync(StoredEndpoint endpoint)
    {
        delivery = null;
        if (endpoint.State != WebhookState.Active || !services.Options.DeliveryEnabled)
            return;
        await CountAttemptsAsync();
        try
        {
            var begun = new EndpointDelivery(services, endpoint, attempts);
            await begun.StartAsync(CancellationToken.None);
            delivery = begun;
        }
        catch (Exception exception) when (exception is not LedgerStoreUnavailableException)
        {
            WebhooksLog.CannotStart(services.Log, exception, Id);
        }
    }

    // What is logged next takes the place behind the last, and not that of one before.
    private async Task CountAttemptsAsync()
    {
        attempts.Begin(await EndpointRows.ReadAttemptsAsync(services.Store, Id, CancellationToken.None));
        isCounted = true;
    }

    private async Task StopAsync()
    {
        if (delivery is { } running)
            await running.DisposeAsync();
        delivery = null;
    }

    private async Task SaveAttemptsAsync()
    {
        var unsaved = attempts.Unsaved();
        var rows = unsaved.Select(attempt => EndpointRows.RowOf(Id, attempt)).ToArray();
        await services.Store.Deliveries.WriteAsync(0, rows, [], CancellationToken.None);
        attempts.Saved(unsaved);
    }

    private async Task<StoredEndpoint> FindStoredAsync() =>
        await FindOrNullAsync() ?? throw new ArgumentException($"There is no webhook endpoint '{Id}'; a list shows those that there are.");

    // What delivers it knows it best; else what is stored.
    private async Task<StoredEndpoint?> FindOrNullAsync()
    {
        if (delivery is { } running)
            return running.Endpoint;
        return await EndpointRows.FindAsync(services.Store, Id, CancellationToken.None);
    }

    private async Task<WebhookEndpoint> ToldAsync(StoredEndpoint endpoint) =>
        new()
        {
            Id = endpoint.Id,
            Url = endpoint.Url,
            Tenant = endpoint.Filter.Tenant,
            Types = endpoint.Types,
            Description = endpoint.Description,
            State = endpoint.State,
            Reason = endpoint.Reason,
            SetAt = endpoint.SetAt,
            FailingSince = endpoint.FailingSince,
            FullSince = endpoint.FullSince,
            Waiting = delivery?.Waiting ?? await EndpointFeed.CountWaitingAsync(services, Id),
            Behind = await EndpointFeed.CountBehindAsync(services, Id),
        };
}
