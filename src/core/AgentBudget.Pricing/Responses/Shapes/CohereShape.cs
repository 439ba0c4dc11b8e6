using AgentBudget.Pricing.Responses.Wire;
using static AgentBudget.Pricing.Responses.Wire.WireField;

namespace AgentBudget.Pricing.Responses.Shapes;

/// <summary>Cohere's chat, embed and rerank. What is billed stands apart from the tokens, which hold the template too.</summary>
internal sealed class CohereShape : ResponseShape
{
    public override WireMarks Mark => WireMarks.Cohere;

    public override string Provider => "cohere";

    public override IReadOnlyList<(string Path, WireField Field)> Usage { get; } =
    [("billed_units.input_tokens", Input), ("billed_units.output_tokens", Output), ("billed_units.search_units", RerankSearches)];

    public override IReadOnlyList<(string Path, WireField Field)> Fields { get; } = [("finish_reason", Stopped)];

    public override IReadOnlyList<(string Path, WireMarks Mark)> Marks { get; } = [("usage.billed_units", WireMarks.Cohere)];

    public override IReadOnlyList<string> Generated { get; } =
    ["delta.message.content.text", "delta.message.tool_calls.function.arguments", "delta.message.tool_plan"];

    public override IReadOnlyList<string> Types { get; } = ["message-", "content-", "tool-call-", "tool-plan-", "citation-"];

    public override IReadOnlyList<string> EndTypes { get; } = ["message-end"];

    public override TokenUsage ToUsage(FieldValues told) => new(told[Input], told[Output]) { RerankSearches = told[RerankSearches] };
}
