namespace AgentBudget;

/// <summary>
/// What a rate is for. Tokens, characters and seconds are in US dollars per million; from <see cref="Request"/> on rates are in US
/// dollars each.
/// </summary>
/// <remarks>A token dimension without a rate is priced at its parent's, never at zero; the parent is named on each member.</remarks>
public enum RateDimension
{
    /// <summary>Prompt tokens that no other input dimension claims. Every row has this rate.</summary>
    Input,

    /// <summary>Completion tokens that no other output dimension claims. Every row has this rate.</summary>
    Output,

    /// <summary>Prompt tokens read from a cache. Parent: <see cref="Input"/>.</summary>
    CacheRead,

    /// <summary>Prompt tokens written to a cache for its usual time to live (five minutes at Anthropic). Parent:
    /// <see cref="Input"/>.</summary>
    CacheWrite,

    /// <summary>Prompt tokens written to a cache for one hour. Parent: <see cref="CacheWrite"/>.</summary>
    CacheWriteOneHour,

    /// <summary>Completion tokens spent on reasoning. Parent: <see cref="Output"/>.</summary>
    Reasoning,

    /// <summary>Prompt tokens that are audio. Parent: <see cref="Input"/>.</summary>
    InputAudio,

    /// <summary>Completion tokens that are audio. Parent: <see cref="Output"/>.</summary>
    OutputAudio,

    /// <summary>Prompt tokens that are images. Parent: <see cref="Input"/>.</summary>
    InputImage,

    /// <summary>Completion tokens that are images. Parent: <see cref="Output"/>.</summary>
    OutputImage,

    /// <summary>
    /// Prompt tokens that are audio and read from a cache. Parent: <see cref="CacheRead"/>, in the proportion of
    /// <see cref="InputAudio"/> to <see cref="Input"/>.
    /// </summary>
    CacheReadAudio,

    /// <summary>
    /// Prompt tokens that are images and read from a cache. Parent: <see cref="CacheRead"/>, in the proportion of
    /// <see cref="InputImage"/> to <see cref="Input"/>.
    /// </summary>
    CacheReadImage,

    /// <summary>Characters spoken or translated. No parent: they cannot be priced without this rate.</summary>
    InputCharacters,

    /// <summary>Seconds of audio heard. No parent: they cannot be priced without this rate.</summary>
    InputAudioSeconds,

    /// <summary>A fee for each request. No parent: a row without it charges no fee.</summary>
    Request,

    /// <summary>A web search made by the provider. No parent: a call that searched cannot be priced without this rate.</summary>
    WebSearch,

    /// <summary>A rerank query. No parent: a call that reranked cannot be priced without this rate.</summary>
    RerankSearch,

    /// <summary>A picture made. No parent: it cannot be priced without this rate.</summary>
    OutputPicture,

    /// <summary>A container started for the model's code. No parent: it cannot be priced without this rate.</summary>
    Container,

    /// <summary>A search in files that the provider keeps. No parent: it cannot be priced without this rate.</summary>
    FileSearch,
}
