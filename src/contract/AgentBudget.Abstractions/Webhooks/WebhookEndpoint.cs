using AgentBudget.Ledger;

namespace AgentBudget;

/// <summary>Whether an endpoint is posted to.</summary>
public enum WebhookState : byte
{
    /// <summary>It is.</summary>
    Active = 0,

    /// <summary>An operator paused it: what comes is kept.</summary>
    Paused = 1,

    /// <summary>It is not any more, because it said that it is gone, or failed for days: what comes is kept until it is resumed.</summary>
    Disabled = 2,
}

/// <summary>How a webhook endpoint stands.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.webhook-endpoint")]
public sealed record WebhookEndpoint
{
    [Id(3)]
    private readonly string[] types = [];

    /// <summary>Its id.</summary>
    [Id(0)]
    public required string Id { get; init; }

    /// <summary>Where it is.</summary>
    [Id(1)]
    public required string Url { get; init; }

    /// <summary>The tenant whose events it gets; null for the whole ledger's.</summary>
    [Id(2)]
    public TenantPath? Tenant { get; init; }

    /// <summary>The types that it gets; none for all.</summary>
    public IReadOnlyList<string> Types
    {
        get => types;
        init => types = Owned.ListOf(value);
    }

    /// <summary>What it is for.</summary>
    [Id(4)]
    public string? Description { get; init; }

    /// <summary>Whether it is posted to.</summary>
    [Id(5)]
    public WebhookState State { get; init; }

    /// <summary>Why it is not, where nobody paused it.</summary>
    [Id(6)]
    public string? Reason { get; init; }

    /// <summary>When it was last set.</summary>
    [Id(7)]
    public DateTimeOffset SetAt { get; init; }

    /// <summary>Since when nothing has been taken that was posted; null where the last attempt was.</summary>
    [Id(8)]
    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>Events that it did not take at first, and that wait for their next attempt.</summary>
    [Id(9)]
    public int Waiting { get; init; }

    /// <summary>Rows of the feed that it has not come to yet, those of others among them.</summary>
    [Id(10)]
    public long Behind { get; init; }

    /// <summary>Since when so many events wait for another attempt (<c>WebhooksOptions.MaxWaiting</c>) that it gets nothing new, which
    /// stays in the feed; null where it does.</summary>
    [Id(11)]
    public DateTimeOffset? FullSince { get; init; }
}

/// <summary>One attempt to post an event.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.webhook-attempt")]
public sealed record WebhookAttempt
{
    /// <summary>When it began.</summary>
    [Id(0)]
    public DateTimeOffset At { get; init; }

    /// <summary>The event's id.</summary>
    [Id(1)]
    public required string EventId { get; init; }

    /// <summary>The event's type.</summary>
    [Id(2)]
    public required string Type { get; init; }

    /// <summary>Which attempt it was, from 1 on.</summary>
    [Id(3)]
    public int Number { get; init; }

    /// <summary>The status that was answered; 0 for none.</summary>
    [Id(4)]
    public int Status { get; init; }

    /// <summary>What went wrong; null where the event was taken.</summary>
    [Id(5)]
    public string? Problem { get; init; }

    /// <summary>How long it took.</summary>
    [Id(6)]
    public TimeSpan Took { get; init; }

    /// <summary>Whether it was the last: the event is not tried again by itself, and can be had by a replay.</summary>
    [Id(7)]
    public bool IsGivenUp { get; init; }

    /// <summary>Whether the event was taken.</summary>
    public bool IsAccepted => Problem is null;
}
