namespace AgentBudget;

/// <summary>What a usage counts. The numbers stand in stored hashes and on the wire; names and parts stand in
/// <see cref="UsageDimensions"/>.</summary>
public enum UsageDimension : byte
{
    /// <summary>All prompt tokens.</summary>
    Input = 0,

    /// <summary>All completion tokens.</summary>
    Output = 1,

    /// <summary>The part of the input read from a cache.</summary>
    CacheRead = 2,

    /// <summary>The part of the input written to a cache, for any time to live.</summary>
    CacheWrite = 3,

    /// <summary>The part of the cache writes with a time to live of one hour.</summary>
    CacheWriteOneHour = 4,

    /// <summary>The part of the output spent on reasoning.</summary>
    Reasoning = 5,

    /// <summary>The part of the input that is audio.</summary>
    InputAudio = 6,

    /// <summary>The part of the output that is audio.</summary>
    OutputAudio = 7,

    /// <summary>The part of the input that is images.</summary>
    InputImage = 8,

    /// <summary>The part of the output that is images.</summary>
    OutputImage = 9,

    /// <summary>Web searches made by the provider during the call.</summary>
    WebSearches = 10,

    /// <summary>Rerank queries.</summary>
    RerankSearches = 11,

    /// <summary>The part of the cache reads that is audio.</summary>
    CacheReadAudio = 12,

    /// <summary>The part of the cache reads that is images.</summary>
    CacheReadImage = 13,

    /// <summary>Characters of text that were spoken or translated, where those are billed and not tokens.</summary>
    InputCharacters = 14,

    /// <summary>Seconds of audio that were heard, where those are billed and not tokens.</summary>
    InputAudioSeconds = 15,

    /// <summary>Pictures made, where those are billed by the piece and not by tokens.</summary>
    OutputPictures = 16,

    /// <summary>Containers that the provider started for the model's code.</summary>
    Containers = 17,

    /// <summary>Searches in files that the provider keeps.</summary>
    FileSearches = 18,
}
