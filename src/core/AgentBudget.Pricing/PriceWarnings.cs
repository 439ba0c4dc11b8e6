namespace AgentBudget;

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

    /// <summary>Cached and audio tokens overlap. No token was counted twice: those that are both were priced as audio, the
    /// dearer.</summary>
    CachedAudio = 4,

    /// <summary>The model is unknown; it was priced at the fallback rate, or as the dearest row of its provider.</summary>
    UnknownModelFallback = 8,

    /// <summary>The model is unknown and was priced at zero, because its name is on the list of free ones.</summary>
    UnknownModelFree = 16,

    /// <summary>
    /// The row has a dearer rate for image tokens, and the usage does not tell them apart. They were priced as text, and a call with images
    /// cost more; or as images, where
    /// <see cref="CallTerms.UncountedImages"/> says so, and a call without them cost less.
    /// </summary>
    ImagesNotCounted = 32,

    /// <summary>Cached and image tokens overlap. No token was counted twice: those that are both were priced as images.</summary>
    CachedImages = 64,

    /// <summary>
    /// The tier was left to the provider, and nobody said which one it served: the call was priced at the dearest that it can have been.
    /// </summary>
    ServiceTierNotSaid = 128,
}
