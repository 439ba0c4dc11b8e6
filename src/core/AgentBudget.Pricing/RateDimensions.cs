namespace AgentBudget;

/// <summary>
/// What a rate is for. Tokens, characters and seconds are in US dollars per million; from <see cref="Request"/> on rates are in US
/// dollars each.
/// </summary>
/// <remarks>A token dimension without a rate is priced at its parent's, never at zero; the parent is named on each member.</remarks>
public enum RateDimension
{
    /// <summary>Prompt tokens that no other input dimension claims. Every row that bills tokens has this rate.</summary>
    Input,

    /// <summary>Completion tokens that no other output dimension claims. Every row that bills tokens has this rate.</summary>
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

/// <summary>One rate of a price row.</summary>
/// <param name="Dimension">Which.</param>
/// <param name="Name">Its name in price files.</param>
/// <param name="Unit">What the rate is for one, or a million, of.</param>
/// <param name="Parent">Whose rate it has where a row states none; null for none.</param>
/// <param name="Charges">The count of a usage that it charges for; null for the fee of the request itself.</param>
public sealed record RateDimensionRow(RateDimension Dimension, string Name, RateUnit Unit, RateDimension? Parent, UsageDimension? Charges)
{
    /// <summary>Whether it is in US dollars per million; otherwise in US dollars each.</summary>
    public bool IsPerMillion => Unit != RateUnit.Each;

    /// <summary>
    /// What the parent's rate is multiplied by, as this dimension's rate over that of the whole input: cached audio is as much dearer than
    /// cached text as audio is than text. Null: the parent's rate as it is.
    /// </summary>
    public RateDimension? InProportionTo { get; init; }
}

/// <summary>All rates that a row can state, in the order of <see cref="RateDimension"/>. A new rate is a member there and a row
/// here.</summary>
public static class RateDimensions
{
    /// <summary>How many there are.</summary>
    public const int Count = (int)RateDimension.FileSearch + 1;

    /// <summary>How many of them, the first ones, are per million.</summary>
    internal const int PerMillionCount = (int)RateDimension.Request;

    private static readonly RateDimensionRow[] Rows =
    [
        PerMillion(RateDimension.Input, null, UsageDimension.Input),
        PerMillion(RateDimension.Output, null, UsageDimension.Output),
        PerMillion(RateDimension.CacheRead, RateDimension.Input, UsageDimension.CacheRead),
        PerMillion(RateDimension.CacheWrite, RateDimension.Input, UsageDimension.CacheWrite),
        PerMillion(RateDimension.CacheWriteOneHour, RateDimension.CacheWrite, UsageDimension.CacheWriteOneHour),
        PerMillion(RateDimension.Reasoning, RateDimension.Output, UsageDimension.Reasoning),
        PerMillion(RateDimension.InputAudio, RateDimension.Input, UsageDimension.InputAudio),
        PerMillion(RateDimension.OutputAudio, RateDimension.Output, UsageDimension.OutputAudio),
        PerMillion(RateDimension.InputImage, RateDimension.Input, UsageDimension.InputImage),
        PerMillion(RateDimension.OutputImage, RateDimension.Output, UsageDimension.OutputImage),
        PerMillion(RateDimension.CacheReadAudio, RateDimension.CacheRead, UsageDimension.CacheReadAudio) with
        {
            InProportionTo = RateDimension.InputAudio,
        },
        PerMillion(RateDimension.CacheReadImage, RateDimension.CacheRead, UsageDimension.CacheReadImage) with
        {
            InProportionTo = RateDimension.InputImage,
        },
        PerMillion(RateDimension.InputCharacters, null, UsageDimension.InputCharacters) with
        {
            Unit = RateUnit.PerMillion,
        },
        PerMillion(RateDimension.InputAudioSeconds, null, UsageDimension.InputAudioSeconds) with
        {
            Unit = RateUnit.PerMillion,
        },
        Each(RateDimension.Request, "request", null),
        Each(RateDimension.WebSearch, "web_search", UsageDimension.WebSearches),
        Each(RateDimension.RerankSearch, "rerank_search", UsageDimension.RerankSearches),
        Each(RateDimension.OutputPicture, "output_picture", UsageDimension.OutputPictures),
        Each(RateDimension.Container, "container", UsageDimension.Containers),
        Each(RateDimension.FileSearch, "file_search", UsageDimension.FileSearches),
    ];

    /// <summary>The rows.</summary>
    public static IReadOnlyList<RateDimensionRow> All => Rows;

    /// <summary>The object of a price file that rates of a unit stand in.</summary>
    internal static string ObjectOf(RateUnit unit) =>
        unit switch
        {
            RateUnit.PerMillionTokens => "usd_per_million_tokens",
            RateUnit.PerMillion => "usd_per_million",
            _ => "usd_each",
        };

    /// <summary>The row of a dimension.</summary>
    public static RateDimensionRow Of(RateDimension dimension) => Rows[(int)dimension];

    /// <summary>How a usage is taken apart: which count each rate charges for, and from which rate's part it is taken out.</summary>
    internal static ReadOnlySpan<UsagePart> Parts => PartsOfUsage;

    private static readonly UsagePart[] PartsOfUsage = [.. Rows.Where(row => row.Charges is not null).Select(PartOf)];

    // What is counted by the million has one name, as a count and as a rate.
    private static RateDimensionRow PerMillion(RateDimension dimension, RateDimension? parent, UsageDimension charges) =>
        new(dimension, UsageDimensions.Of(charges).Name, RateUnit.PerMillionTokens, parent, charges);

    private static RateDimensionRow Each(RateDimension dimension, string name, UsageDimension? charges) =>
        new(dimension, name, RateUnit.Each, null, charges);

    private static UsagePart PartOf(RateDimensionRow row)
    {
        var usage = UsageDimensions.Of(row.Charges!.Value);
        var alsoPartOf = RateOf(usage.AlsoPartOf);
        // What is part of two counts was taken out of their common whole twice.
        var common = usage.AlsoPartOf is { } other ? RateOf(UsageDimensions.Of(other).PartOf) : -1;
        return new(usage.Dimension, (int)row.Dimension, RateOf(usage.PartOf), alsoPartOf, common);

        static int RateOf(UsageDimension? count) => count is null ? -1 : Array.FindIndex(Rows, row => row.Charges == count);
    }
}

/// <summary>One step of taking a usage apart.</summary>
/// <param name="Usage">The count.</param>
/// <param name="Rate">The index of the rate that charges for it.</param>
/// <param name="Whole">The index of the rate whose part it is taken out of; -1 for none.</param>
/// <param name="OtherWhole">The index of another rate whose part it is taken out of; -1 for none.</param>
/// <param name="Common">The index of the rate that both wholes were taken out of, which gets it back; -1 for none.</param>
internal readonly record struct UsagePart(UsageDimension Usage, int Rate, int Whole, int OtherWhole, int Common);
