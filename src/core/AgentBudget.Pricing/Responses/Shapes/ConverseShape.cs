using AgentBudget.Pricing.Responses.Wire;
using static AgentBudget.Pricing.Responses.Wire.WireField;

namespace AgentBudget.Pricing.Responses.Shapes;

/// <summary>Bedrock's Converse. Additive, and each cache count stands under two names.</summary>
internal sealed class ConverseShape : ResponseShape
{
    public override WireMarks Mark => WireMarks.Converse;

    public override string Provider => "bedrock";

    public override IReadOnlyList<(string Path, WireField Field)> Usage { get; } =
    [
        ("inputTokens", Input),
        ("outputTokens", Output),
        ("cacheReadInputTokens", CacheRead),
        ("cacheReadInputTokenCount", CacheRead),
        ("cacheWriteInputTokens", CacheWrite),
        ("cacheWriteInputTokenCount", CacheWrite),
        ("cacheDetails[].ttl", ItemType),
        ("cacheDetails[].inputTokens", ItemInput),
    ];

    public override IReadOnlyList<(string Path, WireField Field)> Fields { get; } =
    [("stopReason", Stopped), ("serviceTier.type", Tier), ("performanceConfig.latency", Speed)];

    public override IReadOnlyList<(string Path, WireMarks Mark)> Marks { get; } =
    [("usage.inputTokens", WireMarks.Converse), ("stopReason", WireMarks.Converse), ("contentBlockIndex", WireMarks.Converse)];

    public override IReadOnlyList<(string Path, Action<FieldValues> Read)> Elements { get; } = [("usage.cacheDetails[]", ReadCacheDetail)];

    public override IReadOnlyList<string> Generated { get; } = ["delta.reasoningContent.text", "delta.toolUse.input"];

    public override bool EndsWithUsage => true;

    public override bool StatesAll(FieldValues told, bool hasText) => told.Has(Input) && told.Has(Output);

    public override TokenUsage ToUsage(FieldValues told) =>
        new(told[Input] + told[CacheRead] + told[CacheWrite], told[Output])
        {
            CacheRead = told[CacheRead],
            CacheWrite = told[CacheWrite],
            CacheWriteOneHour = told[CacheWriteOneHour],
        };

    private static void ReadCacheDetail(FieldValues values)
    {
        if (values.Text(ItemType).SequenceEqual("1h"u8))
            values.Add(CacheWriteOneHour, values[ItemInput]);
        values.DropItem();
    }
}
