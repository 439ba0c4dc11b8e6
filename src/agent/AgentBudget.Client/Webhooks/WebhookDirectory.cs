using AgentBudget.Client.Sessions;

namespace AgentBudget;

/// <summary>The webhook endpoints of a ledger: each is posted the events that it asked for, signed, at least once. What one owes, and a
/// receiver, stands in docs/events.md.</summary>
/// <remarks>Every method throws <see cref="BudgetUnavailableException"/> where the ledger does not answer, and
/// <see cref="ArgumentException"/> where there is no endpoint of the id.</remarks>
public sealed class WebhookDirectory
{
    private const string IdPrefix = "wh_";

    private readonly ClientServices services;

    internal WebhookDirectory(ClientServices services) => this.services = services;

    /// <summary>Adds an endpoint, which is posted what happens from then on; or changes the one of this id, where one is named.</summary>
    /// <param name="settings">What it is to be.</param>
    /// <param name="cancellationToken">Gives up waiting; it may have been set all the same.</param>
    /// <returns>How it stands, and the secret of one that was added without one: it is told this once.</returns>
    /// <exception cref="ArgumentException">Something of it is not as it may be; the message names it and the mend.</exception>
    public async Task<WebhookAnswer> SetAsync(WebhookSettings settings, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(settings);
        settings.Validate();
        // Made here, so that what is sent again adds no second one.
        var made = settings is { Id: null, Secret: null } ? WebhookSettings.NewSecret() : null;
        var sent = settings with { Id = settings.Id ?? IdPrefix + services.Calls.NewKey(), Secret = settings.Secret ?? made };
        var answer = await services.Calls.SendAsync(() => services.Grains.GetGrain<IWebhooks>(0).SetAsync(sent), cancellationToken);
        return answer with { Secret = answer.Secret ?? made };
    }

    /// <summary>The endpoints that there are, by id.</summary>
    /// <param name="within">Only those of this tenant and of tenants below it; null for all.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<IReadOnlyList<WebhookEndpoint>> ListAsync(TenantPath? within = null, CancellationToken cancellationToken = default) =>
        services.Calls.SendAsync(() => services.Grains.GetGrain<IWebhooks>(0).ListAsync(within), cancellationToken);

    /// <summary>How an endpoint stands.</summary>
    public Task<WebhookEndpoint> FindAsync(string id, CancellationToken cancellationToken = default) =>
        services.Calls.SendAsync(() => Of(id).FindAsync(), cancellationToken);

    /// <summary>Posts nothing any more, and keeps all that comes until it is resumed.</summary>
    public Task<WebhookEndpoint> PauseAsync(string id, CancellationToken cancellationToken = default) =>
        services.Calls.SendAsync(() => Of(id).PauseAsync(), cancellationToken);

    /// <summary>Goes on where it was paused or disabled.</summary>
    public Task<WebhookEndpoint> ResumeAsync(string id, CancellationToken cancellationToken = default) =>
        services.Calls.SendAsync(() => Of(id).ResumeAsync(), cancellationToken);

    /// <summary>Gives it a new secret; the one before signs as well for another day.</summary>
    /// <returns>The secret: it is told this once.</returns>
    public async Task<string> RotateAsync(string id, CancellationToken cancellationToken = default)
    {
        var secret = WebhookSettings.NewSecret();
        await services.Calls.SendAsync(() => Of(id).RotateAsync(secret), cancellationToken);
        return secret;
    }

    /// <summary>Posts everything again from a time on, oldest first, as far as it is kept; what came in one batch comes whole.</summary>
    public Task<WebhookEndpoint> ReplayAsync(string id, DateTimeOffset since, CancellationToken cancellationToken = default) =>
        services.Calls.SendAsync(() => Of(id).ReplaySinceAsync(since), cancellationToken);

    /// <summary>Posts everything again of one partition's feed, from a position on.</summary>
    public Task<WebhookEndpoint> ReplayAsync(string id, int partition, long position, CancellationToken cancellationToken = default) =>
        services.Calls.SendAsync(() => Of(id).ReplayFromAsync(partition, position), cancellationToken);

    /// <summary>Posts a test, once and at once, and says what came of it.</summary>
    public Task<WebhookAttempt> TestAsync(string id, CancellationToken cancellationToken = default) =>
        services.Calls.SendAsync(() => Of(id).TestAsync(), cancellationToken);

    /// <summary>The last attempts to post something, newest first: at most 1,000 are kept.</summary>
    public Task<IReadOnlyList<WebhookAttempt>> AttemptsAsync(string id, int count = 100, CancellationToken cancellationToken = default) =>
        services.Calls.SendAsync(() => Of(id).AttemptsAsync(count), cancellationToken);

    /// <summary>Lets it go, with all that waits for it.</summary>
    public async Task RemoveAsync(string id, CancellationToken cancellationToken = default)
    {
        var isSent = false;
        await services.Calls.SendAsync(
            async () =>
            {
                try
                {
                    await Of(id).RemoveAsync();
                }
                // What was sent again finds nothing any more.
                catch (ArgumentException) when (isSent) { }
                finally
                {
                    isSent = true;
                }

                return isSent;
            },
            cancellationToken
        );
    }

    private IWebhook Of(string id)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        return services.Grains.GetGrain<IWebhook>(id);
    }
}
