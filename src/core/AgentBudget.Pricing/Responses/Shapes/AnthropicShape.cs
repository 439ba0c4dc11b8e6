using AgentBudget.Pricing.Responses.Wire;
using static AgentBudget.Pricing.Responses.Wire.WireField;

namespace AgentBudget.Pricing.Responses.Shapes;

/// <summary>
/// Anthropic's Messages, their streams and batches, also at Bedrock and Vertex. Additive: cache reads and writes come on top of the input.
/// </summary>
internal sealed class AnthropicShape : ResponseShape
{
    public override WireMarks Mark => WireMarks.Anthropic;

    public override string Provider => "anthropic";

    public override IReadOnlyList<(string Path, WireField Field)> Usage { get; } =
    [
        ("cache_read_input_tokens", CacheRead),
        ("cache_creation_input_tokens", CacheWrite),
        ("cache_creation.ephemeral_5m_input_tokens", CacheWriteFiveMinutes),
        ("cache_creation.ephemeral_1h_input_tokens", CacheWriteOneHour),
        ("output_tokens_details.thinking_tokens", Reasoning),
        ("server_tool_use.web_search_requests", WebSearches),
        ("service_tier", Tier),
        ("inference_geo", Region),
        ("speed", Speed),
        ("iterations[].type", ItemType),
        ("iterations[].model", ItemModel),
        ("iterations[].input_tokens", ItemInput),
        ("iterations[].output_tokens", ItemOutput),
        ("iterations[].cache_read_input_tokens", ItemCacheRead),
        ("iterations[].cache_creation_input_tokens", ItemCacheWrite),
        ("iterations[].cache_creation.ephemeral_1h_input_tokens", ItemCacheWriteOneHour),
    ];

    public override IReadOnlyList<(string Path, WireField Field)> Fields { get; } = [("stop_reason", Stopped)];

    public override IReadOnlyList<(string Path, WireMarks Mark)> Marks { get; } =
    [
        ("stop_reason", WireMarks.Anthropic),
        ("usage.cache_creation_input_tokens", WireMarks.Anthropic),
        ("usage.cache_read_input_tokens", WireMarks.Anthropic),
        ("usage.cache_creation", WireMarks.Anthropic),
        ("usage.server_tool_use", WireMarks.Anthropic),
        ("usage.iterations", WireMarks.Anthropic),
    ];

    public override IReadOnlyList<(string Path, Action<FieldValues> Read)> Elements { get; } = [("usage.iterations[]", ReadIteration)];

    public override IReadOnlyList<string> Generated { get; } = ["delta.text", "delta.thinking", "delta.partial_json"];

    public override IReadOnlyList<string> Types { get; } = ["message_", "content_block_"];

    public override IReadOnlyList<string> EndTypes { get; } = ["message_stop"];

    // The deltas of a stream are cumulative, and leave out what stands in its start.
    public override bool StatesCountsSingly => true;

    public override bool StatesAll(FieldValues told, bool hasText) => told.Has(Input) && told.Has(Output);

    public override TokenUsage ToUsage(FieldValues told)
    {
        var oneHour = told[CacheWriteOneHour];
        var written = Math.Max(told[CacheWrite], oneHour + told[CacheWriteFiveMinutes]);
        return new TokenUsage(told[Input] + told[CacheRead] + written, told[Output])
        {
            CacheRead = told[CacheRead],
            CacheWrite = written,
            CacheWriteOneHour = oneHour,
            Reasoning = told[Reasoning],
            WebSearches = told[WebSearches],
        };
    }

    // The totals are those of the answering model's own messages: compaction comes on top of them, and other models are billed apart. An
    // attempt that was declined before it gave anything is not billed.
    private static void ReadIteration(FieldValues values)
    {
        var isCompaction = values.Text(ItemType).SequenceEqual("compaction"u8);
        var model = isCompaction ? "" : values.TextOf(ItemModel);
        if (model is not null && values[ItemOutput] > 0)
        {
            var usage = new TokenUsage(values[ItemInput] + values[ItemCacheRead] + values[ItemCacheWrite], values[ItemOutput])
            {
                CacheRead = values[ItemCacheRead],
                CacheWrite = values[ItemCacheWrite],
                CacheWriteOneHour = values[ItemCacheWriteOneHour],
            };
            var isInTotal = !isCompaction && !values.Text(ItemType).SequenceEqual("advisor_message"u8);
            values.AddPart(new WirePart(model, TidyUsage.Of(usage), isInTotal));
        }

        values.DropItem();
    }
}
