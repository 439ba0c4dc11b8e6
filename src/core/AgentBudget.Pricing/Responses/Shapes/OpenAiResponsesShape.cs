using AgentBudget.Pricing.Responses.Wire;
using static AgentBudget.Pricing.Responses.Wire.WireField;

namespace AgentBudget.Pricing.Responses.Shapes;

/// <summary>OpenAI's Responses API and those that speak it, and realtime, whose details have the singular. Inclusive.</summary>
internal sealed class OpenAiResponsesShape : ResponseShape
{
    private const string DefaultPictureModel = "gpt-image-1";

    public override WireMarks Mark => WireMarks.Responses;

    public override IReadOnlyList<(string Path, WireField Field)> Usage { get; } =
    [
        ("input_tokens", Input),
        ("output_tokens", Output),
        ("total_tokens", Total),
        .. Details("input_tokens_details"),
        .. Details("input_token_details"),
        ("output_tokens_details.reasoning_tokens", Reasoning),
        ("output_tokens_details.audio_tokens", OutputAudio),
        ("output_tokens_details.image_tokens", OutputImage),
        ("output_token_details.reasoning_tokens", Reasoning),
        ("output_token_details.audio_tokens", OutputAudio),
        ("output_token_details.image_tokens", OutputImage),
        ("server_side_tool_usage_details.web_search_calls", WebSearches),
        // A transcription that is billed by its duration.
        ("seconds", AudioSeconds),
    ];

    public override IReadOnlyList<(string Path, WireField Field)> Fields { get; } =
    [
        ("output[].type", ItemType),
        ("output[].action.type", ItemAction),
        ("output[].container_id", ItemContainer),
        ("tools[].type", ItemType),
        ("tools[].model", ItemModel),
        ("tool_usage.web_search.num_requests", WebSearches),
        ("tool_usage.image_gen.input_tokens", PictureInput),
        ("tool_usage.image_gen.input_tokens_details.image_tokens", PictureInputImage),
        ("tool_usage.image_gen.output_tokens", PictureOutput),
        // Pictures of models that are billed by the piece; Google's Imagen.
        ("data[].url", Pictures),
        ("data[].b64_json", Pictures),
        ("predictions[].bytesBase64Encoded", Pictures),
    ];

    public override IReadOnlyList<(string Path, WireMarks Mark)> Marks { get; } =
    [
        ("output", WireMarks.Generating),
        ("output[]", WireMarks.Responses),
        ("tool_usage", WireMarks.Responses),
        ("usage.input_tokens_details", WireMarks.Responses),
        ("usage.input_token_details", WireMarks.Responses),
        ("usage.output_token_details", WireMarks.Responses),
        ("content_filters", WireMarks.Azure),
    ];

    public override IReadOnlyList<(string Path, Action<FieldValues> Read)> Elements { get; } =
    [("output[]", ReadItem), ("tools[]", ReadTool)];

    public override IReadOnlyList<string> Types { get; } = ["response."];

    public override IReadOnlyList<string> EndTypes { get; } =
    [
        "response.completed",
        "response.incomplete",
        "response.failed",
        "response.cancelled",
        "response.done",
        "transcript.text.done",
        "image_generation.completed",
        "image_edit.completed",
    ];

    /// <summary>Whether an item is a search that is billed; opening a page that was found is not.</summary>
    public static bool IsSearch(FieldValues values) =>
        values.Text(ItemType).SequenceEqual("web_search_call"u8)
        && (values.Text(ItemAction).IsEmpty || values.Text(ItemAction).SequenceEqual("search"u8));

    public override bool IsTotalAnInput => true;

    public override TokenUsage ToUsage(FieldValues told)
    {
        // Some say a total alone: an embedding's, which is its input.
        if (!told.Has(Input) && !told.Has(Output))
            return new TokenUsage(told[Total], 0) { InputAudioSeconds = told[AudioSeconds], OutputPictures = told[Pictures] };
        var input = told.Has(Input) ? told[Input] : Math.Max(0, told[Total] - told[Output]);
        return new TokenUsage(input, Math.Max(told[Output], told[Total] - input))
        {
            CacheRead = told[CacheRead],
            CacheReadAudio = told[CachedAudio],
            CacheReadImage = told[CachedImage],
            CacheWrite = told[CacheWrite],
            Reasoning = told[Reasoning],
            InputAudio = told[InputAudio],
            OutputAudio = told[OutputAudio],
            InputImage = told[InputImage],
            OutputImage = told[OutputImage],
            WebSearches = told[WebSearches],
        };
    }

    /// <summary>The pictures that a tool of the response made, billed at a model of their own; null for none.</summary>
    public static WirePart? ToolPictures(FieldValues told)
    {
        if (told[PictureInput] == 0 && told[PictureOutput] == 0)
            return null;
        var usage = new TokenUsage(told[PictureInput], told[PictureOutput])
        {
            InputImage = told[PictureInputImage],
            OutputImage = told[PictureOutput],
        };
        return new WirePart(told.TextOf(PictureModel) ?? DefaultPictureModel, TidyUsage.Of(usage), IsInTotal: false);
    }

    private static (string Path, WireField Field)[] Details(string name) =>
        [
            ($"{name}.cached_tokens", CacheRead),
            ($"{name}.cache_write_tokens", CacheWrite),
            ($"{name}.audio_tokens", InputAudio),
            ($"{name}.image_tokens", InputImage),
            ($"{name}.cached_tokens_details.audio_tokens", CachedAudio),
            ($"{name}.cached_tokens_details.image_tokens", CachedImage),
        ];

    private static void ReadItem(FieldValues values)
    {
        CountCall(values, values, values);
        values.DropText(ItemType);
        values.DropText(ItemAction);
        values.DropText(ItemContainer);
    }

    /// <summary>Counts what an item of the output is billed for beside its tokens.</summary>
    /// <param name="item">The item.</param>
    /// <param name="calls">What is counted.</param>
    /// <param name="earlier">What knows the container of the item before: one that goes on is not billed again.</param>
    public static void CountCall(FieldValues item, FieldValues calls, FieldValues earlier)
    {
        if (IsSearch(item))
            calls.Add(SearchCalls, 1);
        if (item.Text(ItemType).SequenceEqual("file_search_call"u8))
            calls.Add(FileSearchCalls, 1);
        if (!item.Text(ItemType).SequenceEqual("code_interpreter_call"u8))
            return;
        var container = item.Text(ItemContainer) is { IsEmpty: false } named ? named : "unnamed"u8;
        if (container.SequenceEqual(earlier.Text(Container)))
            return;
        calls.Add(ContainerStarts, 1);
        earlier.SetText(Container, container);
    }

    private static void ReadTool(FieldValues values)
    {
        if (values.Text(ItemType).SequenceEqual("image_generation"u8))
            values.SetText(PictureModel, values.Text(ItemModel));
        values.DropText(ItemType);
        values.DropText(ItemModel);
    }
}
