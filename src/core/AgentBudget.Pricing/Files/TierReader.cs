using System.Collections.Frozen;
using AgentBudget.Pricing.Names;

namespace AgentBudget.Pricing.Files;

/// <summary>Reads what varies inside a row: context tiers, service tiers and regions.</summary>
internal static class TierReader
{
    private const decimal MinMultiplier = 0.01m;
    private const decimal MaxMultiplier = 100m;

    /// <summary>Reads <c>context_tiers</c>, which must rise.</summary>
    public static IReadOnlyList<ContextTier> ReadContextTiers(JsonObjectReader container)
    {
        var tiers = container.Objects("context_tiers").Select(ReadContextTier).OfType<ContextTier>().ToArray();
        for (var i = 1; i < tiers.Length; i++)
        {
            if (tiers[i].FirstInputTokens <= tiers[i - 1].FirstInputTokens)
                container.Report("\"context_tiers\" must rise by threshold.");
        }

        return tiers;
    }

    /// <summary>Reads <c>service_tiers</c>, a map from name to rates.</summary>
    public static IReadOnlyList<ServiceTier> ReadServiceTiers(JsonObjectReader container)
    {
        if (container.OptionalObject("service_tiers") is not { } map)
            return [];
        var tiers = new List<ServiceTier>();
        foreach (var name in map.PropertyNames)
        {
            if (map.OptionalObject(name) is not { } reader)
                continue;
            if (new CallTerms(name).SpecialServiceTier is null || !NormalizedName.IsNormal(name))
                reader.Report("a service tier has a lower-case name without blanks, other than the standard one's.");
            tiers.Add(new ServiceTier(name, RatesReader.Read(reader), ReadContextTiers(reader)));
            reader.RefuseTheRest();
        }

        return tiers;
    }

    /// <summary>Reads <c>region_multipliers</c>, a map from region to a decimal string.</summary>
    public static FrozenDictionary<string, decimal> ReadRegions(JsonObjectReader container)
    {
        if (container.OptionalObject("region_multipliers") is not { } map)
            return FrozenDictionary<string, decimal>.Empty;
        var multipliers = new Dictionary<string, decimal>(StringComparer.OrdinalIgnoreCase);
        foreach (var region in map.PropertyNames)
        {
            if (RatesReader.ReadDecimal(map, region) is not { } multiplier)
                continue;
            if (multiplier is < MinMultiplier or > MaxMultiplier)
                map.Report($"\"{region}\" must be {MinMultiplier} to {MaxMultiplier}.");
            if (!multipliers.TryAdd(region, multiplier))
                map.Report($"\"{region}\" is there twice, in another case.");
        }

        return multipliers.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }

    private static ContextTier? ReadContextTier(JsonObjectReader reader)
    {
        var threshold = reader.OptionalCount("threshold_input_tokens");
        var includesThreshold = reader.OptionalFlag("includes_threshold") ?? false;
        var rates = RatesReader.Read(reader);
        reader.RefuseTheRest();
        if (threshold is { } tokens)
            return new ContextTier(tokens, includesThreshold, rates);
        reader.Report("\"threshold_input_tokens\" is missing.");
        return null;
    }
}
