using System.Globalization;
using System.Text.Json;
using AgentBudget.Ledger;

namespace AgentBudget.Cli.Views;

/// <summary>One price row as one line of JSON, in the words of a price file.</summary>
internal static class PriceRowJson
{
    public static string Write(PriceRow row) => JsonLine.Of(writer => Write(writer, row));

    private static void Write(Utf8JsonWriter writer, PriceRow row)
    {
        writer.WriteString("row", row.Id);
        writer.WriteString("provider", row.Provider);
        writer.WriteString("model", row.Model);
        writer.WriteStartArray("names");
        foreach (var name in row.Names)
            writer.WriteStringValue(name);
        writer.WriteEndArray();
        if (row.From is { } from)
            writer.WriteString("from", from.UtcDateTime);
        if (row.Until is { } until)
            writer.WriteString("until", until.UtcDateTime);
        if (row.MaxOutputTokens is { } most)
            writer.WriteNumber("max_output_tokens", most);
        if (row.MinWebSearches > 0)
            writer.WriteNumber("min_web_searches", row.MinWebSearches);
        if (row.MaxWebSearches < long.MaxValue)
            writer.WriteNumber("max_web_searches", row.MaxWebSearches);
        WriteRates(writer, row.Rates);
        WriteTiers(writer, row.ContextTiers);
        writer.WriteStartObject("service_tiers");
        foreach (var tier in row.ServiceTiers)
        {
            writer.WriteStartObject(tier.Name);
            WriteRates(writer, tier.Rates);
            WriteTiers(writer, tier.ContextTiers);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.WriteStartObject("region_multipliers");
        foreach (var (region, factor) in row.RegionMultipliers)
            writer.WriteString(region, Usd(factor));
        writer.WriteEndObject();
        writer.WriteString("source", row.Source.ToString());
        writer.WriteString("retrieved", row.Retrieved.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        if (row.Note is { } note)
            writer.WriteString("note", note);
    }

    private static void WriteRates(Utf8JsonWriter writer, Rates rates)
    {
        writer.WriteStartObject("usd");
        foreach (var row in RateDimensions.All)
        {
            if (rates[row.Dimension] is { } usd)
                writer.WriteString(row.Name, Usd(usd));
        }

        writer.WriteEndObject();
    }

    private static void WriteTiers(Utf8JsonWriter writer, IReadOnlyList<ContextTier> tiers)
    {
        writer.WriteStartArray("context_tiers");
        foreach (var tier in tiers)
        {
            writer.WriteStartObject();
            writer.WriteNumber("threshold_input_tokens", tier.ThresholdInputTokens);
            if (tier.IncludesThreshold)
                writer.WriteBoolean("includes_threshold", true);
            WriteRates(writer, tier.Rates);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static string Usd(decimal usd) => usd.ToString(CultureInfo.InvariantCulture);
}
