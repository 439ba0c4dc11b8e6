using AgentBudget.Pricing.Names;

namespace AgentBudget.Pricing.Files;

/// <summary>Reads <c>rules</c> at the head of a price file.</summary>
internal static class RuleReader
{
    private const decimal MaxFactor = 100m;

    public static IReadOnlyList<ProviderRule> Read(JsonObjectReader file) => [.. file.Objects("rules").Select(ReadRule)];

    private static ProviderRule ReadRule(JsonObjectReader reader)
    {
        var models = reader.TextList("models");
        var except = reader.TextList("except");
        var factors = ReadServiceFactors(reader);
        var keepsCacheReads = reader.OptionalFlag("service_tiers_keep_cache_reads") ?? false;
        var regions = TierReader.ReadRegions(reader);
        var oneHour = RatesReader.ReadDecimal(reader, "cache_write_1h_per_input");
        var fees = RatesReader.ReadFees(reader);
        var maxWebSearches = SearchCountReader.ReadMax(reader);
        RowReader.ReadSource(reader);
        RowReader.ReadDay(reader);
        reader.OptionalText("note");
        reader.RefuseTheRest();
        if (!models.Concat(except).All(NormalizedName.IsNormal))
            reader.Report("\"models\" and \"except\" hold beginnings of lower-case names, or parts of them behind \"*\".");
        if (oneHour > MaxFactor)
            reader.Report($"\"cache_write_1h_per_input\" must be at most {MaxFactor}.");
        return new ProviderRule(models, except, factors, keepsCacheReads, regions, oneHour, fees, maxWebSearches);
    }

    private static List<KeyValuePair<string, decimal>> ReadServiceFactors(JsonObjectReader reader)
    {
        var factors = new List<KeyValuePair<string, decimal>>();
        if (reader.OptionalObject("service_tiers") is not { } map)
            return factors;
        foreach (var name in map.PropertyNames)
        {
            if (RatesReader.ReadDecimal(map, name) is not { } factor)
                continue;
            if (new CallTerms(name).SpecialServiceTier is null || !NormalizedName.IsNormal(name) || factor is <= 0 or > MaxFactor)
                map.Report(
                    $"\"{name}\" must be a service tier other than the standard one, with a factor above 0 and at most {MaxFactor}."
                );
            factors.Add(KeyValuePair.Create(name, factor));
        }

        return factors;
    }
}
