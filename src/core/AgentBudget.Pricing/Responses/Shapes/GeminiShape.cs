using AgentBudget.Pricing.Responses.Wire;
using static AgentBudget.Pricing.Responses.Wire.WireField;

namespace AgentBudget.Pricing.Responses.Shapes;

/// <summary>
/// Gemini's and Vertex's <c>generateContent</c>. Thoughts come on top of the candidates and tools' results on top of the prompt; the
/// results of a Google search are not billed, its queries are.
/// </summary>
internal sealed class GeminiShape : ResponseShape
{
    public override WireMarks Mark => WireMarks.Gemini;

    public override string Provider => "google";

    public override IReadOnlyList<(string Path, WireField Field)> Usage { get; } =
    [
        ("promptTokenCount", Input),
        ("candidatesTokenCount", Output),
        ("responseTokenCount", Output),
        ("totalTokenCount", Total),
        ("cachedContentTokenCount", CacheRead),
        ("thoughtsTokenCount", Reasoning),
        ("toolUsePromptTokenCount", ToolInput),
        ("trafficType", Tier),
        ("serviceTier", Tier),
        .. Modalities("promptTokensDetails"),
        .. Modalities("cacheTokensDetails"),
        .. Modalities("candidatesTokensDetails"),
        .. Modalities("responseTokensDetails"),
        .. Modalities("toolUsePromptTokensDetails"),
    ];

    public override IReadOnlyList<(string Path, WireField Field)> Fields { get; } =
    [
        ("modelVersion", Model),
        ("responseId", ResponseId),
        .. Candidate.Fields("candidates"),
        ("promptFeedback.blockReason", Stopped),
        ("candidates[].groundingMetadata.webSearchQueries[]", SearchQueries),
    ];

    public override IReadOnlyList<(string Path, WireMarks Mark)> Marks { get; } =
    [
        ("usageMetadata", WireMarks.Gemini),
        ("candidates", WireMarks.Gemini),
        ("modelVersion", WireMarks.Gemini),
        ("usage.promptTokenCount", WireMarks.Gemini),
        ("usage.trafficType", WireMarks.Vertex),
        ("createTime", WireMarks.Vertex),
        ("candidates[].groundingMetadata.searchEntryPoint", WireMarks.GoogleSearch),
        ("candidates[].groundingMetadata.webSearchQueries[]", WireMarks.GoogleSearch),
        ("candidates[].urlContextMetadata", WireMarks.BilledTool),
        ("candidates[].content.parts[].executableCode", WireMarks.BilledTool),
        ("candidates[].groundingMetadata.groundingChunks[].retrievedContext", WireMarks.BilledTool),
    ];

    public override IReadOnlyList<(string Path, Action<FieldValues> Read)> Elements { get; } =
    [
        ("candidates[]", Candidate.Read),
        ("usage.promptTokensDetails[]", values => Modality.Read(values, InputAudio, InputImage)),
        ("usage.cacheTokensDetails[]", values => Modality.Read(values, CachedAudio, CachedImage)),
        ("usage.candidatesTokensDetails[]", values => Modality.Read(values, OutputAudio, OutputImage)),
        ("usage.responseTokensDetails[]", values => Modality.Read(values, OutputAudio, OutputImage)),
        ("usage.toolUsePromptTokensDetails[]", values => Modality.Read(values, None, None)),
    ];

    public override IReadOnlyList<string> Generated { get; } = ["candidates[].content.parts[].text"];

    public override bool EndsWithStop => true;

    public override TokenUsage ToUsage(FieldValues told)
    {
        // What a tool gave may turn out to be of a search, as long as nothing says otherwise.
        var hasBilledTool =
            (told.Marks & WireMarks.BilledTool) != 0 || (told.Marks & (WireMarks.GoogleSearch | WireMarks.Ended)) == WireMarks.Ended;
        var thoughts = told[Reasoning];
        var hasThoughts = thoughts > 0 && told[Total] == told[Input] + told[ToolInput] + told[Output] && told[Output] >= thoughts;
        // Where one of the two is not said, it is what the total leaves.
        var rest = Math.Max(0, told[Total] - told[Input] - told[ToolInput] - told[Output] - (hasThoughts ? 0 : thoughts));
        var input = told.Has(Input) ? told[Input] : rest;
        var output = told.Has(Output) || !told.Has(Input) ? told[Output] : rest;
        return new TokenUsage(input + (hasBilledTool ? told[ToolInput] : 0), output + (hasThoughts ? 0 : thoughts))
        {
            CacheRead = told[CacheRead],
            CacheReadAudio = told[CachedAudio],
            CacheReadImage = told[CachedImage],
            Reasoning = thoughts,
            InputAudio = told[InputAudio],
            OutputAudio = told[OutputAudio],
            InputImage = told[InputImage],
            OutputImage = told[OutputImage],
        };
    }

    private static (string Path, WireField Field)[] Modalities(string name) =>
        [($"{name}[].modality", ItemType), ($"{name}[].tokenCount", ItemInput)];
}
