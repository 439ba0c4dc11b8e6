using System.Globalization;
using System.Text.Json;

namespace AgentBudget;

/// <summary>
/// The price of one model, given in code or configuration instead of a file. A rate that is left out inherits as it does in a file:
/// cache reads and writes cost what input costs, reasoning what output costs.
/// </summary>
/// <param name="Provider">The provider's id; a known one or one of the user's own.</param>
/// <param name="Model">The model's name at that provider; in place of the table's row, if it has one.</param>
/// <param name="InputUsdPerMillion">US dollars per million prompt tokens: 0 to 1,000,000, at most nine decimals, as all rates here.</param>
/// <param name="OutputUsdPerMillion">US dollars per million completion tokens.</param>
public sealed record ModelPrice(string Provider, string Model, decimal InputUsdPerMillion, decimal OutputUsdPerMillion)
{
    private static readonly Uri Source = new("https://localhost/options");

    /// <summary>Other names that the model is used by, such as a dated snapshot. Default: none.</summary>
    public IReadOnlyList<string> OtherNames { get; init; } = [];

    /// <summary>US dollars per million prompt tokens read from a cache. Default: as input.</summary>
    public decimal? CacheReadUsdPerMillion { get; init; }

    /// <summary>US dollars per million prompt tokens written to a cache for its usual time. Default: as input.</summary>
    public decimal? CacheWriteUsdPerMillion { get; init; }

    /// <summary>US dollars per million prompt tokens written to a cache for one hour. Default: as other cache writes.</summary>
    public decimal? CacheWriteOneHourUsdPerMillion { get; init; }

    /// <summary>US dollars per million completion tokens spent on reasoning. Default: as output.</summary>
    public decimal? ReasoningUsdPerMillion { get; init; }

    /// <summary>US dollars for each request. Default: none.</summary>
    public decimal? RequestUsd { get; init; }

    /// <summary>US dollars for each web search of the provider. Default: none, and a call that searched has no price.</summary>
    public decimal? WebSearchUsd { get; init; }

    /// <summary>The most output tokens that the model gives in one call; for worst cases before a call without a cap. Default: not
    /// known.</summary>
    public long? MaxOutputTokens { get; init; }

    /// <summary>The same as price files, one a provider, so that whoever reads and checks files reads and checks these.</summary>
    internal static IReadOnlyList<PriceFile> ToFiles(IEnumerable<ModelPrice> prices) =>
        [
            .. prices
                .GroupBy(price => Normal(price.Provider))
                .Select(group => new PriceFile($"options for {group.Key}", Write(group.Key, group))),
        ];

    private static byte[] Write(string provider, IEnumerable<ModelPrice> prices)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("provider", provider);
            json.WriteStartArray("models");
            foreach (var price in prices)
                price.Write(json);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("model", Normal(Model));
        json.WriteStartArray("aliases");
        foreach (var name in OtherNames)
            json.WriteStringValue(Normal(name));
        json.WriteEndArray();
        if (MaxOutputTokens is { } cap)
            json.WriteNumber("max_output_tokens", cap);
        json.WriteStartArray("rows");
        json.WriteStartObject();
        WriteRates(
            json,
            "usd_per_million_tokens",
            [
                ("input", InputUsdPerMillion),
                ("output", OutputUsdPerMillion),
                ("cache_read", CacheReadUsdPerMillion),
                ("cache_write", CacheWriteUsdPerMillion),
                ("cache_write_1h", CacheWriteOneHourUsdPerMillion),
                ("reasoning", ReasoningUsdPerMillion),
            ]
        );
        WriteRates(json, "usd_each", [("request", RequestUsd), ("web_search", WebSearchUsd)]);
        json.WriteString("source", Source.OriginalString);
        // Nobody read it anywhere on any day; the version of the book is told apart by its hash.
        json.WriteString("retrieved", DateOnly.MinValue.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteRates(Utf8JsonWriter json, string name, ReadOnlySpan<(string Name, decimal? Usd)> rates)
    {
        json.WriteStartObject(name);
        foreach (var (rate, usd) in rates)
        {
            // Divided, because 2.50 and 2.5000000000 are one number and the second has too many decimals as text.
            if (usd is { } stated)
                json.WriteString(rate, (stated / 1.000000000000000000000000000000m).ToString(CultureInfo.InvariantCulture));
        }

        json.WriteEndObject();
    }

    private static string Normal(string? name) => name?.Trim().ToLowerInvariant() ?? "";
}
