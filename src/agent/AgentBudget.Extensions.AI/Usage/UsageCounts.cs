using System.Reflection;
using Microsoft.Extensions.AI;

#pragma warning disable MEAI001 // Counts of audio are marked as what may change.

namespace AgentBudget.Extensions.AI.Usage;

/// <summary>Counts as adapters hand them on. In all of them the input holds what was cached.</summary>
internal static class UsageCounts
{
    // A typed count of cache writes is on its way, and goes before the untyped one; never both.
    private static readonly PropertyInfo? CacheWrites = Array.Find(
        typeof(UsageDetails).GetProperties(),
        property =>
            property.PropertyType == typeof(long?)
            && property.Name.Contains("Cache", StringComparison.Ordinal)
            && (property.Name.Contains("Write", StringComparison.Ordinal) || property.Name.Contains("Creation", StringComparison.Ordinal))
    );

    private static readonly string[] CacheWriteNames = ["CacheCreationInputTokens", "InputTokenDetails.CacheWriteTokenCount"];
    private static readonly string[] InputAudioNames = ["InputTokenDetails.AudioTokenCount"];
    private static readonly string[] OutputAudioNames = ["OutputTokenDetails.AudioTokenCount"];
    private static readonly string[] SearchNames = ["WebSearchRequests"];

    /// <summary>The usage; null where nobody said, or said neither what went in nor what came out.</summary>
    public static TokenUsage? Of(UsageDetails? said)
    {
        if (said is null || (said.InputTokenCount is null && said.OutputTokenCount is null && said.TotalTokenCount is null))
            return null;
        var output = Bounded(said.OutputTokenCount);
        var input = Bounded(said.InputTokenCount);
        // Some say a total alone: an embedding's, which is its input.
        if (said.InputTokenCount is null)
            input = Math.Max(0, Bounded(said.TotalTokenCount) - output);
        var usage = new TokenUsage(input, output)
        {
            CacheRead = Math.Min(Bounded(said.CachedInputTokenCount), input),
            CacheWrite = Bounded(CacheWrites?.GetValue(said) as long? ?? Additional(said, CacheWriteNames)),
            Reasoning = Bounded(said.ReasoningTokenCount),
            InputAudio = Bounded(said.InputAudioTokenCount ?? Additional(said, InputAudioNames)),
            OutputAudio = Bounded(said.OutputAudioTokenCount ?? Additional(said, OutputAudioNames)),
            WebSearches = Bounded(Additional(said, SearchNames)),
        };
        return usage.IsZero ? null : usage;
    }

    private static long? Additional(UsageDetails said, string[] names)
    {
        foreach (var name in names)
        {
            if (said.AdditionalCounts?.TryGetValue(name, out var count) == true)
                return count;
        }

        return null;
    }

    // Counters of providers are not tidy.
    private static long Bounded(long? count) => Math.Clamp(count ?? 0, 0, TokenUsage.MaxCount);
}
