namespace AgentBudget;

/// <summary>How webhooks are delivered. Bound to the configuration section <c>AgentBudget:Webhooks</c> and checked at start. All silos of a
/// cluster must have the same.</summary>
public sealed class WebhooksOptions
{
    /// <summary>
    /// The folder of the keys that secrets are kept with, made when it is missing; all silos share it, and whoever reads it can read the
    /// secrets. Default: none; then the host's own data protection is used, and where there is none no endpoint can be added.
    /// </summary>
    public string? KeysFolder { get; set; }

    /// <summary>Whether endpoints may have http addresses, and such as are not public: for development and tests alone. Default:
    /// no.</summary>
    public bool AllowInsecureAddresses { get; set; }

    /// <summary>Whether this silo delivers. Default: yes. Without it, endpoints can be set and tested all the same. The same on all silos:
    /// an endpoint that lives on one that does not deliver is delivered by none.</summary>
    public bool DeliveryEnabled { get; set; } = true;

    /// <summary>How long an answer is waited for. Default 15 seconds; 1 second to 1 minute.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How often the feed is looked at, for each endpoint. Default 1 second; 10 milliseconds to 1 minute.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Posts that are under way at once to one endpoint, of different sessions. Default 8; 1 to 64.</summary>
    public int PostsAtOnce { get; set; } = 8;

    /// <summary>With how many posts that wait for another attempt an endpoint gets nothing new, which stays in the feed. Default 1,000; 1
    /// to 100,000.</summary>
    public int MaxWaiting { get; set; } = 1_000;

    /// <summary>After how long without anything taken, of attempts since it was set or its server started, an endpoint is disabled, when
    /// another fails. Default 5 days; 1 to 60 days.</summary>
    public TimeSpan DisableAfter { get; set; } = TimeSpan.FromDays(5);

    /// <summary>For how long a secret signs as well after another has come. Default 24 hours; 0 to 30 days.</summary>
    public TimeSpan SecretOverlap { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentException">One is out of its range; the message names it and the range.</exception>
    public void Validate()
    {
        const string section = "AgentBudget:Webhooks:";
        if (KeysFolder is not null && string.IsNullOrWhiteSpace(KeysFolder))
            throw new ArgumentException($"{section}KeysFolder is empty; name a folder, or leave it out.");
        if (Timeout < TimeSpan.FromSeconds(1) || Timeout > TimeSpan.FromMinutes(1))
            throw new ArgumentException($"{section}Timeout must be from 1 second to 1 minute.");
        if (PollInterval < TimeSpan.FromMilliseconds(10) || PollInterval > TimeSpan.FromMinutes(1))
            throw new ArgumentException($"{section}PollInterval must be from 10 milliseconds to 1 minute.");
        if (PostsAtOnce is < 1 or > 64)
            throw new ArgumentException($"{section}PostsAtOnce must be from 1 to 64.");
        if (MaxWaiting is < 1 or > 100_000)
            throw new ArgumentException($"{section}MaxWaiting must be from 1 to 100,000.");
        if (DisableAfter < TimeSpan.FromDays(1) || DisableAfter > TimeSpan.FromDays(60))
            throw new ArgumentException($"{section}DisableAfter must be from 1 day to 60 days.");
        if (SecretOverlap < TimeSpan.Zero || SecretOverlap > TimeSpan.FromDays(30))
            throw new ArgumentException($"{section}SecretOverlap must be from 0 to 30 days.");
    }
}
