using System.Security.Cryptography;
using AgentBudget.Ledger;

namespace AgentBudget;

/// <summary>What a webhook endpoint is to be.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.webhook-settings")]
public sealed record WebhookSettings
{
    /// <summary>The most characters of an address.</summary>
    public const int MaxUrl = 2_048;

    /// <summary>The most characters of an id.</summary>
    public const int MaxId = 64;

    /// <summary>What a secret begins with.</summary>
    public const string SecretPrefix = "whsec_";

    private const int SecretBytes = 32;

    [Id(3)]
    private readonly string[] types = [];

    /// <summary>Its id: 1 to 64 ASCII letters, digits and <c>. _ -</c>; null makes one.</summary>
    [Id(0)]
    public string? Id { get; init; }

    /// <summary>Where to post: an https address whose name leads to public addresses.</summary>
    [Id(1)]
    public required string Url { get; init; }

    /// <summary>The tenant whose events it gets, and those of all tenants below; null for the whole ledger's. It stays the one that it was
    /// added with.</summary>
    [Id(2)]
    public TenantPath? Tenant { get; init; }

    /// <summary>The types that it gets, such as <c>limit.soft</c>; none for all. See docs/events.md.</summary>
    public IReadOnlyList<string> Types
    {
        get => types;
        init => types = Owned.ListOf(value);
    }

    /// <summary>The secret that posts are signed with: <c>whsec_</c> and the base64 of 24 to 64 bytes. Null makes one, or keeps the one
    /// that there is.</summary>
    [Id(4)]
    public string? Secret { get; init; }

    /// <summary>What it is for: up to 256 characters; null for nothing.</summary>
    [Id(5)]
    public string? Description { get; init; }

    /// <summary>Makes a secret, of 32 random bytes.</summary>
    public static string NewSecret() => SecretPrefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(SecretBytes));

    /// <summary>Which events it asks for.</summary>
    public EventFilter Filter => new() { Tenant = Tenant, Types = types };

    /// <summary>Checks every value but what an address leads to.</summary>
    /// <exception cref="ArgumentException">One is not as it may be; the message names it and the mend.</exception>
    public void Validate()
    {
        if (Id is not null && (Id.Length is < 1 or > MaxId || !Id.All(IsOfAnId)))
            throw new ArgumentException($"The endpoint's id must have 1 to {MaxId} characters, only ASCII letters, digits and . _ -");
        if (string.IsNullOrEmpty(Url) || Url.Length > MaxUrl)
            throw new ArgumentException($"The endpoint's Url must have 1 to {MaxUrl:N0} characters, such as https://example.com/hook.");
        Checks.Text(Description, "The endpoint's description", Bounds.ReasonLength);
        Filter.Validate();
    }

    /// <summary>Without the secret, and without what an address may hold of one.</summary>
    public override string ToString() => $"webhook {Id} of {Tenant?.ToString() ?? "the ledger"}";

    private static bool IsOfAnId(char character) => char.IsAsciiLetterOrDigit(character) || character is '.' or '_' or '-';
}

/// <summary>An endpoint after it was set.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.webhook-answer")]
public sealed record WebhookAnswer
{
    /// <summary>How it stands.</summary>
    [Id(0)]
    public required WebhookEndpoint Endpoint { get; init; }

    /// <summary>The secret that was made; null where none was. It is told this once.</summary>
    [Id(1)]
    public string? Secret { get; init; }

    /// <summary>Without the secret.</summary>
    public override string ToString() => $"webhook {Endpoint.Id}";
}
