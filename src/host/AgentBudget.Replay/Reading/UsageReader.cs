using System.Text.Json;

namespace AgentBudget.Replay.Reading;

/// <summary>Reads what a model call used.</summary>
internal static class UsageReader
{
    /// <summary>The usage; null when the record has none.</summary>
    public static TokenUsage? Read(TraceLine line)
    {
        if (line.Find("usage") is not { } element)
            return null;
        if (element.ValueKind != JsonValueKind.Object)
            throw line.Wrong($"\"usage\" is {Shown.Value(element.GetRawText())}; an object or null is expected.");
        if (TraceLine.Find(element, "input") is null || TraceLine.Find(element, "output") is null)
            throw line.Wrong("\"usage\" needs \"input\" and \"output\"; a call whose usage is not known has \"usage\":null.");
        var usage = default(TokenUsage);
        foreach (var field in element.EnumerateObject())
        {
            if (field.Value.ValueKind != JsonValueKind.Null)
                usage = With(line, usage, field);
        }

        return usage.FindProblem() is { } problem ? throw line.Wrong($"\"usage\" is impossible: {problem}") : usage;
    }

    // A count under a name that is not known would be priced at nothing, so it is an error here, unlike elsewhere on the line.
    private static TokenUsage With(TraceLine line, TokenUsage usage, JsonProperty field)
    {
        var count = line.Count(field.Value, Shown.Name(field.Name));
        return UsageDimensions.Find(field.Name) is { } row
            ? usage.With(row.Dimension, count)
            : throw line.Wrong($"\"usage\" holds {Shown.Value(field.Name)}; {UsageDimensions.Names} are known.");
    }
}
