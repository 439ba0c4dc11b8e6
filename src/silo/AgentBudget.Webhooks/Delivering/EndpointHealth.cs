using System.Globalization;
using AgentBudget.Webhooks.Endpoints;
using AgentBudget.Webhooks.Sending;

namespace AgentBudget.Webhooks.Delivering;

/// <summary>What an attempt has changed of an endpoint.</summary>
internal enum HealthChange
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It has taken nothing for a while.</summary>
    Failing,

    /// <summary>It takes posts again.</summary>
    Recovered,

    /// <summary>It is disabled.</summary>
    Disabled,
}

/// <summary>Whether an endpoint takes what it is posted, since when not, and until when it wants to be left alone. Without a
/// clock.</summary>
internal sealed class EndpointHealth(StoredEndpoint endpoint, TimeSpan disableAfter)
{
    /// <summary>For how long an endpoint must have taken nothing for its return to be one: what fails in between is an event, not the
    /// endpoint.</summary>
    private static readonly TimeSpan Outage = TimeSpan.FromMinutes(1);

    private volatile StoredEndpoint endpoint = endpoint;
    private DateTimeOffset? failingHereSince;
    private bool isTold;

    /// <summary>The endpoint as it stands. May be read from anywhere.</summary>
    public StoredEndpoint Endpoint => endpoint;

    /// <summary>Whether it is to be written down.</summary>
    public bool IsChanged { get; private set; }

    /// <summary>Whether it has asked for time.</summary>
    public bool IsQuiet(DateTimeOffset now) => endpoint.QuietUntil > now;

    /// <summary>It was written down.</summary>
    public void Saved() => IsChanged = false;

    /// <summary>It was not.</summary>
    public void NotSaved() => IsChanged = true;

    /// <summary>An attempt has ended.</summary>
    public HealthChange Attempted(PostOutcome outcome, DateTimeOffset now)
    {
        if (outcome.IsAccepted)
            return Took(now);
        var since = endpoint.FailingSince ?? now;
        failingHereSince ??= now;
        if (outcome.RetryAfter is { } asked)
            BeQuiet(now + (asked < RetrySchedule.LongestRetryAfter ? asked : RetrySchedule.LongestRetryAfter));
        if (endpoint.FailingSince is null)
            Set(endpoint with { FailingSince = since });
        if (endpoint.State == WebhookState.Disabled)
            return HealthChange.None;
        if (outcome.IsGone)
            return Disable("it answered 410, which says that it is gone");
        // Time in which nothing was tried, as while the process was off, says nothing of the endpoint.
        if (now - failingHereSince >= disableAfter)
            return Disable(string.Create(CultureInfo.InvariantCulture, $"it has taken nothing since {since:u}"));
        if (isTold || now - since < Outage)
            return HealthChange.None;
        isTold = true;
        return HealthChange.Failing;
    }

    /// <summary>So much waits, or does not any more, that nothing new is read.</summary>
    /// <returns>Whether that is so from now on.</returns>
    public bool Filled(DeliveryPlan plan, DateTimeOffset now)
    {
        var isNew = plan.IsFull && endpoint.FullSince is null;
        if (isNew)
            Set(endpoint with { FullSince = now });
        else if (plan.HasRoom && endpoint.FullSince is not null)
            Set(endpoint with { FullSince = null });
        return isNew;
    }

    private HealthChange Took(DateTimeOffset now)
    {
        failingHereSince = null;
        if (endpoint.FailingSince is not { } since)
            return HealthChange.None;
        isTold = false;
        Set(endpoint with { FailingSince = null, QuietUntil = IsQuiet(now) ? endpoint.QuietUntil : null });
        return now - since >= Outage ? HealthChange.Recovered : HealthChange.None;
    }

    // Of several that were under way, the one that asked for the longest time counts.
    private void BeQuiet(DateTimeOffset until)
    {
        if (endpoint.QuietUntil is not { } before || before < until)
            Set(endpoint with { QuietUntil = until });
    }

    private HealthChange Disable(string reason)
    {
        Set(endpoint with { State = WebhookState.Disabled, Reason = reason });
        return HealthChange.Disabled;
    }

    private void Set(StoredEndpoint changed) => (endpoint, IsChanged) = (changed, true);
}
