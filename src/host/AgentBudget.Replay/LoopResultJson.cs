using System.Text.Json;
using AgentBudget.Ledger;

namespace AgentBudget;

/// <summary>The JSON of what was found in a run: one object on one line, money as decimal strings.</summary>
public static class LoopResultJson
{
    /// <summary>The result as JSON text, without a line break.</summary>
    public static string Write(LoopResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return JsonLine.Of(writer => Write(result, writer));
    }

    private static void Write(LoopResult result, Utf8JsonWriter writer)
    {
        writer.WriteString("file", result.File);
        writer.WriteString("verdict", ReplayWords.Of(result.Verdict));
        writer.WriteString("rule", result.Evidence is { } found ? Words.Of(found.Rule) : null);
        writer.WriteCount("at_event", result.AtEvent);
        writer.WritePropertyName("evidence");
        if (result.Evidence is { } evidence)
            LoopJson.Write(evidence, writer, result.Events);
        else
            writer.WriteNullValue();
        writer.WriteMoney("spent_before", result.SpentBefore);
        writer.WriteMoney("full_cost", result.FullCost);
        writer.WriteMoney("budget", result.Budget);
        writer.WriteCount("warned_at_event", result.WarnedAtEvent);
        writer.WriteCount("exhausted_at_event", result.ExhaustedAtEvent);
        writer.WriteNumber("unpriced_calls", result.UnpricedCalls);
        writer.WriteNumber("events_total", result.EventsTotal);
    }
}
