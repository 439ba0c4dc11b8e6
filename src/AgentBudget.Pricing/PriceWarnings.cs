namespace AgentBudget.Pricing;

/// <summary>What was unusual about a call that was priced all the same. To be recorded with the entry.</summary>
[Flags]
public enum PriceWarnings
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The provider counted more reasoning than output; output was priced as the larger of the two.</summary>
    ReasoningAboveOutput = 1,

    /// <summary>The row has no rates for the service tier asked for; the standard rates were used.</summary>
    ServiceTierNotPriced = 2,

    /// <summary>Cached and audio tokens overlap. No token was counted twice: those that are both were priced as audio, the dearer.</summary>
    CachedAudio = 4,

    /// <summary>The model is unknown; it was priced at the fallback rate, or as the dearest row of its provider.</summary>
    UnknownModelFallback = 8,

    /// <summary>The model is unknown and was priced at zero, because its name is on the list of free ones.</summary>
    UnknownModelFree = 16,

    /// <summary>
    /// The row has a dearer rate for image tokens, which usage does not count apart: they were priced as text. A call with images cost more.
    /// </summary>
    ImagesNotCounted = 32,
}
