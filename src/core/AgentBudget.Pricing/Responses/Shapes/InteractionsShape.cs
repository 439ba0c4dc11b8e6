using AgentBudget.Pricing.Responses.Wire;
using static AgentBudget.Pricing.Responses.Wire.WireField;

namespace AgentBudget.Pricing.Responses.Shapes;

/// <summary>Google's Interactions API. Its totals leave out thoughts and tools' results, which come on top.</summary>
internal sealed class InteractionsShape : ResponseShape
{
    public override WireMarks Mark => WireMarks.Interactions;

    public override string Provider => "google";

    public override IReadOnlyList<(string Path, WireField Field)> Usage { get; } =
    [
        ("total_input_tokens", Input),
        ("total_output_tokens", Output),
        ("total_cached_tokens", CacheRead),
        ("total_thought_tokens", Reasoning),
        ("total_tool_use_tokens", ToolInput),
        .. Modalities("input_tokens_by_modality"),
        .. Modalities("cached_tokens_by_modality"),
        .. Modalities("output_tokens_by_modality"),
        .. Modalities("tool_use_tokens_by_modality"),
        ("grounding_tool_count[].type", ItemType),
        ("grounding_tool_count[].search_query_count", ItemInput),
        ("grounding_tool_count[].count", ItemOutput),
    ];

    public override IReadOnlyList<(string Path, WireMarks Mark)> Marks { get; } = [("usage.total_input_tokens", WireMarks.Interactions)];

    public override IReadOnlyList<(string Path, Action<FieldValues> Read)> Elements { get; } =
    [
        ("usage.input_tokens_by_modality[]", values => Modality.Read(values, InputAudio, InputImage)),
        ("usage.cached_tokens_by_modality[]", values => Modality.Read(values, CachedAudio, CachedImage)),
        ("usage.output_tokens_by_modality[]", values => Modality.Read(values, OutputAudio, OutputImage)),
        ("usage.tool_use_tokens_by_modality[]", values => Modality.Read(values, None, None)),
        ("usage.grounding_tool_count[]", ReadSearches),
    ];

    public override IReadOnlyList<string> Types { get; } = ["interaction.", "step.", "content."];

    public override IReadOnlyList<string> EndTypes { get; } = ["interaction.complete", "interaction.completed"];

    public override TokenUsage ToUsage(FieldValues told) =>
        new(told[Input] + told[ToolInput], told[Output] + told[Reasoning])
        {
            CacheRead = told[CacheRead],
            CacheReadAudio = told[CachedAudio],
            CacheReadImage = told[CachedImage],
            Reasoning = told[Reasoning],
            InputAudio = told[InputAudio],
            OutputAudio = told[OutputAudio],
            InputImage = told[InputImage],
            OutputImage = told[OutputImage],
            WebSearches = told[WebSearches],
        };

    private static (string Path, WireField Field)[] Modalities(string name) =>
        [($"{name}[].modality", ItemType), ($"{name}[].tokens", ItemInput)];

    private static void ReadSearches(FieldValues values)
    {
        if (values.Text(ItemType).SequenceEqual("google_search"u8))
            values.Add(WebSearches, values.Has(ItemInput) ? values[ItemInput] : values[ItemOutput]);
        values.DropItem();
    }
}
