using Orleans.Concurrency;
using Orleans.Metadata;

namespace AgentBudget;

/// <summary>
/// The webhook endpoints of a ledger, for operators: <c>grainFactory.GetGrain&lt;IWebhooks&gt;(0)</c>. Each follows the feed of events by a
/// cursor of its own, and is posted the events that it asked for, signed, at least once: what a receiver has had before it knows by the id.
/// See docs/events.md.
/// </summary>
[Alias("agentbudget.webhooks"), GrainInterfaceType("agentbudget.webhooks"), DefaultGrainType("agentbudget.webhooks")]
public interface IWebhooks : IGrainWithIntegerKey
{
    /// <summary>
    /// Adds an endpoint, which is posted what happens from then on, or changes the one of this id. The secret is answered once, when the
    /// endpoint is added without one, and never again. Where it changes, the one before signs as well for another day.
    /// </summary>
    /// <param name="settings">What it is to be.</param>
    /// <exception cref="ArgumentException">Something of it is not as it may be; the message names it and the mend.</exception>
    [Alias("set"), ResponseTimeout(Timeouts.Read)]
    Task<WebhookAnswer> SetAsync([Immutable] WebhookSettings settings);

    /// <summary>The endpoints that there are, by id.</summary>
    /// <param name="within">Only those of this tenant and of tenants below it; null for all.</param>
    [Alias("list"), ReadOnly, ResponseTimeout(Timeouts.Read)]
    Task<IReadOnlyList<WebhookEndpoint>> ListAsync(TenantPath? within);
}

/// <summary>One webhook endpoint, by its id. Every method but <see cref="WakeAsync"/> throws <see cref="ArgumentException"/> where there is
/// none.</summary>
[Alias("agentbudget.webhook"), GrainInterfaceType("agentbudget.webhook"), DefaultGrainType("agentbudget.webhook")]
public interface IWebhook : IGrainWithStringKey
{
    /// <summary>Adds or changes it; <see cref="IWebhooks.SetAsync"/> comes here.</summary>
    [Alias("set"), ResponseTimeout(Timeouts.Read)]
    Task<WebhookAnswer> SetAsync([Immutable] WebhookSettings settings);

    /// <summary>How it stands.</summary>
    [Alias("find"), AlwaysInterleave, ResponseTimeout(Timeouts.Read)]
    Task<WebhookEndpoint> FindAsync();

    /// <summary>Posts nothing any more, and keeps all that comes until it is resumed: up to <c>AgentBudget:EventRetentionCap</c>.</summary>
    [Alias("pause"), ResponseTimeout(Timeouts.Read)]
    Task<WebhookEndpoint> PauseAsync();

    /// <summary>Goes on where it was paused or disabled.</summary>
    [Alias("resume"), ResponseTimeout(Timeouts.Read)]
    Task<WebhookEndpoint> ResumeAsync();

    /// <summary>Gives it a new secret, which signs first; the one before signs as well for another day.</summary>
    /// <param name="secret">The secret, as <see cref="WebhookSettings.NewSecret"/> makes one; the one that it has changes nothing.</param>
    [Alias("rotate"), ResponseTimeout(Timeouts.Read)]
    Task<WebhookEndpoint> RotateAsync(string secret);

    /// <summary>Posts everything again from a time on, oldest first, as far as it is kept; what came in one batch comes whole. What was
    /// never posted is not passed over, however old it is.</summary>
    /// <param name="since">The time; not one to come.</param>
    [Alias("replay-since"), ResponseTimeout(Timeouts.Read)]
    Task<WebhookEndpoint> ReplaySinceAsync(DateTimeOffset since);

    /// <summary>Posts everything again of one partition's feed, from a position on; one that it has not come to yet passes nothing
    /// over.</summary>
    /// <param name="partition">The partition, from 0 on.</param>
    /// <param name="position">The first position.</param>
    [Alias("replay-from"), ResponseTimeout(Timeouts.Read)]
    Task<WebhookEndpoint> ReplayFromAsync(int partition, long position);

    /// <summary>Posts an event of the type <c>agentbudget.test</c>, once and at once, also where the endpoint is paused, and says what came
    /// of it.</summary>
    [Alias("test"), ResponseTimeout("00:02:00")]
    Task<WebhookAttempt> TestAsync();

    /// <summary>The last attempts to post something, newest first.</summary>
    /// <param name="count">How many at most; 1 to 1,000, which is as many as are kept.</param>
    [Alias("attempts"), AlwaysInterleave, ResponseTimeout(Timeouts.Read)]
    Task<IReadOnlyList<WebhookAttempt>> AttemptsAsync(int count);

    /// <summary>Lets it go, with all that waits for it.</summary>
    [Alias("remove"), ResponseTimeout(Timeouts.Read)]
    Task RemoveAsync();

    /// <summary>Has it delivered, if it is there and not at it already. Not for users.</summary>
    [Alias("wake"), ResponseTimeout(Timeouts.Read)]
    Task WakeAsync();
}
