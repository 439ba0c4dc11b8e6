using AgentBudget.Extensions.AI.Tools;
using Microsoft.Extensions.AI;

namespace AgentBudget;

/// <summary>Reads off responses whether a budget ended them.</summary>
public static class BudgetStopExtensions
{
    private const string KindKey = "agentbudget.stop";
    private const string ReasonKey = "agentbudget.stop_reason";

    /// <summary>Whether a budget ended this turn; null where it came to its own end. For agents, read it off their messages.</summary>
    /// <param name="response">The response; of a stream, what <c>ToChatResponse</c> makes of its updates.</param>
    public static BudgetStop? GetBudgetStop(this ChatResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        return Read(response.AdditionalProperties) ?? response.Messages.GetBudgetStop();
    }

    /// <summary>The same of an update of a stream.</summary>
    /// <param name="update">The update.</param>
    public static BudgetStop? GetBudgetStop(this ChatResponseUpdate update)
    {
        ArgumentNullException.ThrowIfNull(update);
        return Read(update.AdditionalProperties) ?? ToolRefusals.Find(update.Contents);
    }

    /// <summary>The same of the messages that a turn brought.</summary>
    /// <param name="messages">The messages.</param>
    public static BudgetStop? GetBudgetStop(this IEnumerable<ChatMessage> messages)
    {
        ArgumentNullException.ThrowIfNull(messages);
        foreach (var message in messages)
        {
            if ((Read(message.AdditionalProperties) ?? ToolRefusals.Find(message.Contents)) is { } stop)
                return stop;
        }

        return null;
    }

    internal static AdditionalPropertiesDictionary Add(this AdditionalPropertiesDictionary? properties, BudgetStop stop)
    {
        properties ??= [];
        properties[KindKey] = stop.Kind.ToString();
        properties[ReasonKey] = stop.Reason;
        return properties;
    }

    private static BudgetStop? Read(AdditionalPropertiesDictionary? properties) =>
        properties is not null
        && properties.TryGetValue(KindKey, out var kind)
        && Enum.TryParse<BudgetStopKind>(kind?.ToString(), out var known)
            ? new BudgetStop(known, properties.TryGetValue(ReasonKey, out var reason) ? reason?.ToString() ?? "" : "")
            : null;
}
