using AgentBudget.Pricing.Responses.Shapes;
using AgentBudget.Pricing.Responses.Wire;
using static AgentBudget.Pricing.Responses.Wire.WireField;

namespace AgentBudget.Pricing.Responses;

/// <summary>
/// What a response shows of calls to tools that its usage does not count. Events show each call once, and the last one all of them again.
/// </summary>
internal sealed class ToolCalls
{
    private readonly FieldValues seen = new();

    /// <summary>Forgets what was shown.</summary>
    public void Clear() => seen.Clear();

    /// <summary>Takes what a document shows.</summary>
    public void Take(FieldValues document)
    {
        if (document.Text(WireField.Type).SequenceEqual("response.output_item.done"u8))
            OpenAiResponsesShape.CountCall(document, seen, seen);
        foreach (var field in WireFields.ToolCalls)
            seen.Add(field, Math.Max(0, document[field] - seen[field]));
    }

    /// <summary>A usage with these calls.</summary>
    public TokenUsage AddTo(in TokenUsage usage, FieldValues told, ResponseShape shape)
    {
        var searches =
            usage.WebSearches > 0 || told.Has(WebSearches) ? usage.WebSearches
            : shape.Mark == WireMarks.Gemini ? seen[SearchQueries]
            : shape.Mark == WireMarks.Responses ? seen[SearchCalls]
            : 0;
        return usage with { WebSearches = searches, FileSearches = seen[FileSearchCalls], Containers = seen[ContainerStarts] };
    }
}
