namespace AgentBudget;

/// <summary>How much of what a call used stands in the part of its response that was read.</summary>
public enum UsageCompleteness : byte
{
    /// <summary>Nothing: the provider has not said. That is not a usage of zero.</summary>
    None = 0,

    /// <summary>Something, and the response has not come to its end: it can have used more.</summary>
    Partial = 1,

    /// <summary>All of it: the provider stated usage, and its response came to its end.</summary>
    Final = 2,
}
