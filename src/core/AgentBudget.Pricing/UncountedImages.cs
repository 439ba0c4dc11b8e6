namespace AgentBudget;

/// <summary>
/// What a usage without image counts is taken to mean where the row has a dearer rate for images: what is neither cached nor audio nor
/// reasoning may then be images, for all that the usage says.
/// </summary>
public enum UncountedImages
{
    /// <summary>Priced as text, with <see cref="PriceWarnings.ImagesNotCounted"/>: what other engines make of it. The default.</summary>
    AsText = 0,

    /// <summary>Priced as images, with <see cref="PriceWarnings.ImagesNotCounted"/>: no call is billed below its cost.</summary>
    AsImages = 1,

    /// <summary>There are none: whoever counted told images apart, and a zero is a count. Priced as text, without a warning.</summary>
    None = 2,
}
