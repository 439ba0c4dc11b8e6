using System.Globalization;
using System.Text.Json;

namespace AgentBudget;

/// <summary>The JSON of what the sense of loops found. Money is a decimal string, unless it stands in a report.</summary>
public static class LoopJson
{
    /// <summary>Writes the evidence as one JSON object.</summary>
    /// <param name="loop">The evidence.</param>
    /// <param name="writer">Where to.</param>
    /// <param name="events">The events of a recorded run that its entries stand for; null where there is none.</param>
    /// <param name="isMoneyText">Whether money is a decimal string. Default: yes; in a report it is a number, as the ancestor writes
    /// it.</param>
    public static void Write(LoopEvidence loop, Utf8JsonWriter writer, IReadOnlyList<int>? events = null, bool isMoneyText = true)
    {
        ArgumentNullException.ThrowIfNull(loop);
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStartObject();
        writer.WriteString("rule", Words.Of(loop.Rule));
        writer.WriteString("action", Words.Of(loop.Action));
        writer.WriteString("name", loop.Name);
        if (loop.Agent is not null)
            writer.WriteString("agent", loop.Agent);
        writer.WriteString("fingerprint", loop.Fingerprint.ToString("x16", CultureInfo.InvariantCulture));
        writer.WriteNumber("count", loop.Count);
        if (loop.Period > 0)
            writer.WriteNumber("period", loop.Period);
        writer.WriteNumber("window_seconds", loop.WindowSeconds);
        writer.WriteStartArray("sequences");
        foreach (var sequence in loop.Sequences)
            writer.WriteNumberValue(sequence);
        writer.WriteEndArray();
        if (events is not null)
        {
            writer.WriteStartArray("events");
            foreach (var number in events)
                writer.WriteNumberValue(number);
            writer.WriteEndArray();
        }

        ReportJson.WriteMoney(writer, "spent", loop.Spent, isMoneyText);
        if (loop.WaitingSince > 0)
            writer.WriteNumber("waiting_since", loop.WaitingSince);
        if (loop.RetryAfter is { } retryAfter)
            writer.WriteNumber("retry_after_seconds", Math.Round((decimal)retryAfter.TotalSeconds, 3));
        writer.WriteString("finding", loop.Finding);
        writer.WriteString("reset", loop.Reset);
        writer.WriteEndObject();
    }
}
