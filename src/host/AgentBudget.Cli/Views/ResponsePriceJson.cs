using System.Text.Json;
using AgentBudget.Ledger;

namespace AgentBudget.Cli.Views;

/// <summary>What a response costs by what it says, as one line of JSON.</summary>
internal static class ResponsePriceJson
{
    public static string Write(ResponseUsage response, PricedResponse priced, bool isStale) =>
        JsonLine.Of(writer => Write(writer, response, priced, isStale));

    private static void Write(Utf8JsonWriter writer, ResponseUsage response, PricedResponse priced, bool isStale)
    {
        writer.WriteMoney("usd", priced.Cost);
        if (priced.Cost is not null)
            writer.WriteString("from", priced.IsProviderCost ? "provider" : "table");
        if (response.ProviderCost is not null)
            writer.WriteMoney("table_usd", priced.TableCost);
        WriteText(writer, "provider", priced.Priced.Row?.Provider ?? response.Provider);
        WriteText(writer, "model", priced.Priced.Row?.Model ?? response.Model);
        WriteText(writer, "row", priced.Priced.RowId);
        writer.WriteString("table", priced.Priced.TableVersion);
        writer.WriteString("completeness", response.Completeness.ToString().ToLowerInvariant());
        if (response.Usage is { } usage)
        {
            writer.WritePropertyName("usage");
            UsageDimensions.Write(writer, usage);
        }

        WriteText(writer, "service_tier", response.Terms.ServiceTier);
        WriteText(writer, "region", response.Terms.Region);
        WriteText(writer, "speed", response.Terms.Speed);
        WriteOtherParts(writer, response, priced);
        if (priced.TableCost is null)
            WriteProblem(writer, priced);
        if (isStale)
            writer.WriteBoolean("stale", true);
    }

    private static void WriteOtherParts(Utf8JsonWriter writer, ResponseUsage response, PricedResponse priced)
    {
        if (response.OtherParts.Count == 0)
            return;
        writer.WriteStartArray("other_parts");
        for (var i = 0; i < response.OtherParts.Count; i++)
        {
            writer.WriteStartObject();
            writer.WriteMoney("usd", priced.OtherParts[i].IsPriced ? priced.OtherParts[i].Cost : null);
            writer.WriteString("model", response.OtherParts[i].Model);
            writer.WritePropertyName("usage");
            UsageDimensions.Write(writer, response.OtherParts[i].Usage);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteProblem(Utf8JsonWriter writer, PricedResponse priced)
    {
        var problem = priced.Priced.IsPriced ? priced.OtherParts.First(part => !part.IsPriced) : priced.Priced;
        writer.WriteString("error", JsonNamingPolicy.SnakeCaseLower.ConvertName(problem.Problem.ToString()));
        writer.WriteString("message", problem.Detail);
        if (problem.Problem != PriceProblem.UnknownModel)
            return;
        writer.WriteStartArray("candidates");
        foreach (var candidate in problem.Candidates)
            writer.WriteStringValue(candidate);
        writer.WriteEndArray();
    }

    private static void WriteText(Utf8JsonWriter writer, string name, string? text)
    {
        if (text is not null)
            writer.WriteString(name, text);
    }
}
