using AgentBudget.Pricing.Responses.Wire;

namespace AgentBudget.Pricing.Responses;

/// <summary>The terms that a response says it was served on, in the price table's words.</summary>
internal static class ServedTerms
{
    // What a provider writes, and what it means; null for "not said".
    private static readonly Dictionary<string, string?> Meanings = new(StringComparer.Ordinal)
    {
        ["auto"] = null,
        ["not_available"] = null,
        ["unspecified"] = null,
        ["traffic_type_unspecified"] = null,
        ["service_tier_unspecified"] = null,
        ["on_demand_flex"] = "flex",
        ["on_demand_priority"] = "priority",
        ["service_tier_standard"] = "standard",
        ["service_tier_flex"] = "flex",
        ["service_tier_priority"] = "priority",
        ["service_tier_batch"] = "batch",
    };

    public static CallTerms Of(FieldValues told, in ResponseOrigin origin)
    {
        var tier = Meaning(told.TextOf(WireField.Tier));
        var isBatch = (told.Marks & WireMarks.Batch) != 0;
        // A line of a batch's results is billed as such, whatever the response inside of it says.
        return new CallTerms(isBatch ? "batch" : tier, Meaning(told.TextOf(WireField.Region)) ?? origin.Region)
        {
            Speed = Meaning(told.TextOf(WireField.Speed)),
        };
    }

    private static string? Meaning(string? text)
    {
        if (text is null)
            return null;
        var lower = text.ToLowerInvariant();
        return Meanings.TryGetValue(lower, out var meaning) ? meaning : lower;
    }
}
