using Microsoft.Extensions.AI;

namespace AgentBudget.Extensions.AI.Usage;

/// <summary>What a whole response says of its bill.</summary>
internal static class ChatUsage
{
    /// <summary>The usage: in the provider's own words where they are there and say no less, else as the adapter hands it on.</summary>
    /// <param name="response">The response.</param>
    /// <param name="origin">What is known of the call.</param>
    public static ResponseUsage Of(ChatResponse response, ResponseOrigin origin)
    {
        var counted = UsageCounts.Of(response.Usage);
        if (RawUsage.Write(response.RawRepresentation) is { } raw)
        {
            var told = ResponseReader.Read(raw, origin);
            // Behind a response of several answers stand the words of one.
            if (told.Completeness == UsageCompleteness.Final && !IsBelow(told.Usage, counted))
                return told with { ResponseId = told.ResponseId ?? response.ResponseId };
        }

        return Of(counted, response.ModelId, response.ResponseId);
    }

    /// <summary>The usage of vectors.</summary>
    public static ResponseUsage Of(UsageDetails? usage, string? model) => Of(UsageCounts.Of(usage), model, responseId: null);

    private static bool IsBelow(TokenUsage? told, TokenUsage? counted) => told?.Input < counted?.Input || told?.Output < counted?.Output;

    private static ResponseUsage Of(TokenUsage? usage, string? model, string? responseId) =>
        new()
        {
            Completeness = usage is null ? UsageCompleteness.None : UsageCompleteness.Final,
            Usage = usage,
            Model = model,
            ResponseId = responseId,
            IsStopped = usage is not null,
        };
}
