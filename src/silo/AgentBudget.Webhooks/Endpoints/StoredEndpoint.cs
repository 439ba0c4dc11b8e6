using System.Text.Json.Serialization;
using AgentBudget.Webhooks.Sending;

namespace AgentBudget.Webhooks.Endpoints;

/// <summary>An endpoint as it is stored.</summary>
internal sealed record StoredEndpoint
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>Where it is.</summary>
    public required string Url { get; init; }

    /// <summary>The tenant's path; null for the whole ledger.</summary>
    public string? Tenant { get; init; }

    /// <summary>The types that it gets; none for all.</summary>
    public IReadOnlyList<string> Types { get; init; } = [];

    /// <summary>What it is for.</summary>
    public string? Description { get; init; }

    /// <summary>Its secret, under the operator's key.</summary>
    public required string Secret { get; init; }

    /// <summary>The secret before, under the operator's key.</summary>
    public string? FormerSecret { get; init; }

    /// <summary>Until when that one signs as well.</summary>
    public DateTimeOffset? FormerUntil { get; init; }

    /// <summary>Whether it is posted to.</summary>
    [JsonConverter(typeof(JsonStringEnumConverter<WebhookState>))]
    public WebhookState State { get; init; }

    /// <summary>Why it is not.</summary>
    public string? Reason { get; init; }

    /// <summary>When it was set.</summary>
    public DateTimeOffset SetAt { get; init; }

    /// <summary>Since when nothing was taken.</summary>
    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>Until when it asked for time.</summary>
    public DateTimeOffset? QuietUntil { get; init; }

    /// <summary>Since when so much waits that nothing new is read.</summary>
    public DateTimeOffset? FullSince { get; init; }

    /// <summary>Which events it gets.</summary>
    [JsonIgnore]
    public EventFilter Filter => new() { Tenant = Tenant is null ? null : TenantPath.Parse(Tenant), Types = Types };
}

/// <summary>A post that waits for another attempt, as it is stored.</summary>
internal sealed record StoredPost
{
    public required string Id { get; init; }

    public required string Type { get; init; }

    public required string Ledger { get; init; }

    public required string Body { get; init; }

    /// <summary>Attempts that have failed.</summary>
    public int Failed { get; init; }

    /// <summary>When it is tried again.</summary>
    public DateTimeOffset DueAt { get; init; }
}

/// <summary>An attempt, as it is stored.</summary>
internal sealed record StoredAttempt
{
    /// <summary>Counts up.</summary>
    public long No { get; init; }

    public DateTimeOffset At { get; init; }

    public required string EventId { get; init; }

    public required string Type { get; init; }

    public int Number { get; init; }

    public int Status { get; init; }

    public string? Problem { get; init; }

    public long Milliseconds { get; init; }

    public bool IsGivenUp { get; init; }

    public static StoredAttempt Of(Post post, DateTimeOffset at, int number, PostOutcome outcome, bool isGivenUp) =>
        new()
        {
            At = at,
            EventId = post.Id,
            Type = post.Type,
            Number = number,
            Status = outcome.Status,
            Problem = outcome.Problem,
            Milliseconds = (long)outcome.Took.TotalMilliseconds,
            IsGivenUp = isGivenUp,
        };

    /// <summary>As operators see it.</summary>
    public WebhookAttempt ToAttempt() =>
        new()
        {
            At = At,
            EventId = EventId,
            Type = Type,
            Number = Number,
            Status = Status,
            Problem = Problem,
            Took = TimeSpan.FromMilliseconds(Milliseconds),
            IsGivenUp = IsGivenUp,
        };
}

/// <summary>The stored forms in JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault
)]
[JsonSerializable(typeof(StoredEndpoint))]
[JsonSerializable(typeof(StoredPost))]
[JsonSerializable(typeof(StoredAttempt))]
internal sealed partial class StoredForms : JsonSerializerContext;
