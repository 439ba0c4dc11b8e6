using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AgentBudget.Extensions.AI.Tools;

/// <summary>Refused calls of tools, as results.</summary>
internal static class ToolRefusals
{
    public static ToolRefusal Of(string tool, RefusedException refused) =>
        new()
        {
            Reason = Words.Of(refused.Refusal.Reason),
            Tool = tool,
            Message = refused.Message,
            Available = refused.Refusal.Available.ToDecimalString(),
        };

    /// <summary>The stop that results of tools tell of; null for none.</summary>
    public static BudgetStop? Find(IEnumerable<AIContent> contents)
    {
        foreach (var content in contents)
        {
            if (content is FunctionResultContent { Result: var result } && ReasonOf(result) is { } reason)
                return new BudgetStop(BudgetStopKind.ToolRefused, reason);
        }

        return null;
    }

    // A result that was kept somewhere comes back as JSON; one of a tool's own may have some of the names.
    private static string? ReasonOf(object? result) =>
        result switch
        {
            ToolRefusal refusal => refusal.Reason,
            JsonElement { ValueKind: JsonValueKind.Object } json
                when TextOf(json, "tool") is not null
                    && TextOf(json, "message") is not null
                    && Money.TryParse(TextOf(json, "available"), out _, out _) => TextOf(json, "refused"),
            _ => null,
        };

    private static string? TextOf(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
