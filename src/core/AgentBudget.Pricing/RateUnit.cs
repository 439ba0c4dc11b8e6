namespace AgentBudget;

/// <summary>What a rate is stated for, and with it the object of a price file that it stands in.</summary>
public enum RateUnit
{
    /// <summary>US dollars per million tokens: <c>usd_per_million_tokens</c>.</summary>
    PerMillionTokens,

    /// <summary>US dollars per million of something else, such as characters or seconds: <c>usd_per_million</c>.</summary>
    PerMillion,

    /// <summary>US dollars each: <c>usd_each</c>.</summary>
    Each,
}
