using AgentBudget.Client.Calls;
using Microsoft.Extensions.AI;

namespace AgentBudget.Extensions.AI.Usage;

/// <summary>What a whole response says of its bill.</summary>
internal static class ChatUsage
{
    /// <summary>What it cost: in the provider's own words where they are there and say no less, else as the adapter hands its usage
    /// on.</summary>
    /// <param name="response">The response.</param>
    /// <param name="origin">What is known of the call.</param>
    public static ActualCost CostOf(ChatResponse response, ResponseOrigin origin)
    {
        var counted = UsageCounts.Of(response.Usage);
        if (RawUsage.Write(response.RawRepresentation) is { } raw)
        {
            var told = ResponseReaders.Read(raw, origin);
            // Behind a response of several answers stand the words of one.
            if (told.Completeness == UsageCompleteness.Final && !IsBelow(told.Usage, counted))
                return ActualCost.Of(told);
        }

        return CostOf(counted, response.ModelId);
    }

    /// <summary>What vectors cost.</summary>
    public static ActualCost CostOf(UsageDetails? usage, string? model) => CostOf(UsageCounts.Of(usage), model);

    private static bool IsBelow(TokenUsage? told, TokenUsage? counted) => told?.Input < counted?.Input || told?.Output < counted?.Output;

    private static ActualCost CostOf(TokenUsage? usage, string? model) =>
        usage is { } said ? ActualCost.Of(said, model) : ActualCost.NotSaid;
}
