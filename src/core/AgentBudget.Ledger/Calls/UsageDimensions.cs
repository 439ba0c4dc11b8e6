using System.Text.Json;

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

/// <summary>One count of a usage.</summary>
/// <param name="Dimension">Which.</param>
/// <param name="Name">Its one name, in everything that is read and written: traces, reports, stored timelines, the command line.</param>
/// <param name="PartOf">The count that includes it and that it must not exceed; null for none.</param>
/// <param name="Meaning">What it counts, for help texts.</param>
public sealed record UsageDimensionRow(UsageDimension Dimension, string Name, UsageDimension? PartOf, string Meaning)
{
    /// <summary>Another count that includes it too: what is cached and audio is part of both. Null for none.</summary>
    public UsageDimension? AlsoPartOf { get; init; }

    /// <summary>What it is told apart by from other parts of the same count: those of one split exclude each other, so that together they
    /// do not exceed it, either.</summary>
    internal UsageSplit Split { get; init; }

    internal JsonEncodedText JsonName { get; } = JsonEncodedText.Encode(Name);
}

/// <summary>By what the parts of one count are told apart.</summary>
internal enum UsageSplit
{
    /// <summary>It is the only part of its kind.</summary>
    None,

    /// <summary>What a cache did with a token: it is read, or written, and never both.</summary>
    Caching,

    /// <summary>What a token stands for: sound, a picture, or else text.</summary>
    Medium,
}

/// <summary>All that a usage counts, in the order of <see cref="UsageDimension"/>. A new count is a member there and a row here.</summary>
public static class UsageDimensions
{
    /// <summary>How many there are.</summary>
    public const int Count = (int)UsageDimension.FileSearches + 1;

    private static readonly UsageDimensionRow[] Rows =
    [
        new(UsageDimension.Input, "input", null, "All prompt tokens, cached ones included."),
        new(UsageDimension.Output, "output", null, "All completion tokens, reasoning included."),
        new(UsageDimension.CacheRead, "cache_read", UsageDimension.Input, "The part of the input read from a cache.")
        {
            Split = UsageSplit.Caching,
        },
        new(UsageDimension.CacheWrite, "cache_write", UsageDimension.Input, "The part of the input written to a cache.")
        {
            Split = UsageSplit.Caching,
        },
        new(
            UsageDimension.CacheWriteOneHour,
            "cache_write_1h",
            UsageDimension.CacheWrite,
            "The part of the cache writes kept for an hour."
        ),
        // Providers report more reasoning than output; whoever prices takes the larger of the two.
        new(UsageDimension.Reasoning, "reasoning", null, "The part of the output spent on reasoning."),
        new(UsageDimension.InputAudio, "input_audio", UsageDimension.Input, "The part of the input that is audio.")
        {
            Split = UsageSplit.Medium,
        },
        new(UsageDimension.OutputAudio, "output_audio", UsageDimension.Output, "The part of the output that is audio.")
        {
            Split = UsageSplit.Medium,
        },
        new(UsageDimension.InputImage, "input_image", UsageDimension.Input, "The part of the input that is images.")
        {
            Split = UsageSplit.Medium,
        },
        new(UsageDimension.OutputImage, "output_image", UsageDimension.Output, "The part of the output that is images.")
        {
            Split = UsageSplit.Medium,
        },
        new(UsageDimension.WebSearches, "web_searches", null, "Web searches made by the provider."),
        new(UsageDimension.RerankSearches, "rerank_searches", null, "Rerank queries."),
        new(UsageDimension.CacheReadAudio, "cache_read_audio", UsageDimension.CacheRead, "The part of the cache reads that is audio.")
        {
            Split = UsageSplit.Medium,
            AlsoPartOf = UsageDimension.InputAudio,
        },
        new(UsageDimension.CacheReadImage, "cache_read_image", UsageDimension.CacheRead, "The part of the cache reads that is images.")
        {
            Split = UsageSplit.Medium,
            AlsoPartOf = UsageDimension.InputImage,
        },
        new(UsageDimension.InputCharacters, "input_characters", null, "Characters that were spoken or translated."),
        new(UsageDimension.InputAudioSeconds, "input_audio_seconds", null, "Seconds of audio that were heard."),
        new(UsageDimension.OutputPictures, "output_pictures", null, "Pictures that were made and are billed by the piece."),
        new(UsageDimension.Containers, "containers", null, "Containers that the provider started."),
        new(UsageDimension.FileSearches, "file_searches", null, "Searches in files that the provider keeps."),
    ];

    /// <summary>Parts that exclude each other, with the count that includes them all.</summary>
    internal static readonly (UsageDimension Whole, UsageDimension[] Parts)[] Sums =
    [
        .. from row in Rows
        where row.PartOf is not null && row.Split != UsageSplit.None
        group row.Dimension by (Whole: row.PartOf!.Value, row.Split) into parts
        where parts.Count() > 1
        select (parts.Key.Whole, parts.ToArray()),
    ];

    /// <summary>The rows.</summary>
    public static IReadOnlyList<UsageDimensionRow> All => Rows;

    /// <summary>The names, for messages.</summary>
    public static string Names { get; } = string.Join(", ", Rows.Select(row => row.Name));

    /// <summary>The row of a dimension.</summary>
    public static UsageDimensionRow Of(UsageDimension dimension) => Rows[(int)dimension];

    /// <summary>The row of a name; null for a name that is none.</summary>
    public static UsageDimensionRow? Find(string name) => Array.Find(Rows, row => row.Name == name);

    /// <summary>Writes a usage as one JSON object: input and output always, what else is not zero.</summary>
    public static void Write(Utf8JsonWriter writer, in TokenUsage usage)
    {
        writer.WriteStartObject();
        foreach (var row in Rows)
        {
            var count = usage[row.Dimension];
            if (count != 0 || row.Dimension <= UsageDimension.Output)
                writer.WriteNumber(row.JsonName, count);
        }

        writer.WriteEndObject();
    }
}
