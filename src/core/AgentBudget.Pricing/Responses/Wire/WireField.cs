namespace AgentBudget.Pricing.Responses.Wire;

/// <summary>What the reader keeps of a document, whatever a provider calls it. Counts first, then amounts of money, then texts.</summary>
internal enum WireField : byte
{
    None,
    Input,
    Output,
    Total,
    CacheRead,
    CacheWrite,
    CacheWriteFiveMinutes,
    CacheWriteOneHour,
    Reasoning,
    ReasoningApart,
    InputAudio,
    OutputAudio,
    InputImage,
    OutputImage,
    CachedAudio,
    CachedImage,
    ToolInput,
    Citations,
    WebSearches,
    SearchCalls,
    SearchQueries,
    RerankSearches,
    FileSearchCalls,
    ContainerStarts,
    AudioSeconds,
    Pictures,
    IsOwnKey,

    // The candidates or choices that a document shows, a bit each, and those that stopped.
    Candidates,
    StoppedCandidates,
    PictureInput,
    PictureInputImage,
    PictureOutput,
    ItemInput,
    ItemIndex,
    ItemOutput,
    ItemCacheRead,
    ItemCacheWrite,
    ItemCacheWriteOneHour,

    Cost,
    UpstreamCost,
    CostTicks,

    Type,
    Status,
    Stopped,
    ItemType,
    ItemModel,
    ItemStopped,
    ItemAction,
    ItemContainer,

    // From here on what a document says stays said.
    Model,
    ResponseId,
    Tier,
    Region,
    Speed,
    PictureModel,
    Container,
}

/// <summary>What a place in a document holds.</summary>
internal enum WireKind : byte
{
    /// <summary>Nothing of its own; what is inside may count.</summary>
    None,

    /// <summary>A whole number, or true.</summary>
    Count,

    /// <summary>Dollars, or parts of them.</summary>
    Amount,

    /// <summary>A short text.</summary>
    Text,

    /// <summary>A text that is counted where it is not empty.</summary>
    Tally,

    /// <summary>Generated text, of which the length is kept.</summary>
    Generated,
}

internal static class WireFields
{
    public const int Counts = (int)WireField.Cost;
    public const int Amounts = (int)WireField.Type - Counts;
    public const int Texts = (int)WireField.Container + 1 - Counts - Amounts;

    /// <summary>Each of them alone makes a document one that states usage.</summary>
    public static ReadOnlySpan<WireField> StatingUsage =>
        [
            WireField.Input,
            WireField.Output,
            WireField.Total,
            WireField.RerankSearches,
            WireField.ReasoningApart,
            WireField.AudioSeconds,
            WireField.Pictures,
        ];

    /// <summary>A bit for each count that a bill hangs on, other than those of items.</summary>
    public const ulong Billed = ((1UL << ((int)WireField.IsOwnKey)) - 1) & ~1UL;

    /// <summary>What is billed instead of tokens.</summary>
    public static ReadOnlySpan<WireField> BesideTokens => [WireField.RerankSearches, WireField.AudioSeconds, WireField.Pictures];

    /// <summary>Calls to tools that a response shows and its usage does not count.</summary>
    public static ReadOnlySpan<WireField> ToolCalls =>
        [WireField.SearchQueries, WireField.SearchCalls, WireField.FileSearchCalls, WireField.ContainerStarts];

    public static WireKind KindOf(WireField field) =>
        field switch
        {
            WireField.None => WireKind.None,
            WireField.SearchQueries or WireField.Pictures => WireKind.Tally,
            < WireField.Cost => WireKind.Count,
            < WireField.Type => WireKind.Amount,
            _ => WireKind.Text,
        };
}
