using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace AgentBudget.Pricing.Import.Sources;

/// <summary>Reads the rates of one entry of litellm.</summary>
internal static partial class LiteLlmEntry
{
    private const decimal Million = 1_000_000m;

    private static readonly (string Key, RateDimension Dimension)[] Tokens =
    [
        ("input_cost_per_token", RateDimension.Input),
        ("output_cost_per_token", RateDimension.Output),
        ("cache_read_input_token_cost", RateDimension.CacheRead),
        ("cache_creation_input_token_cost", RateDimension.CacheWrite),
        ("cache_creation_input_token_cost_above_1hr", RateDimension.CacheWriteOneHour),
        ("output_cost_per_reasoning_token", RateDimension.Reasoning),
        ("input_cost_per_audio_token", RateDimension.InputAudio),
        ("output_cost_per_audio_token", RateDimension.OutputAudio),
        ("input_cost_per_image_token", RateDimension.InputImage),
        ("output_cost_per_image_token", RateDimension.OutputImage),
        ("cache_read_input_audio_token_cost", RateDimension.CacheReadAudio),
    ];

    private static readonly string[] Others =
    [
        "input_cost_per_request",
        "input_cost_per_query",
        "search_context_cost_per_query",
        "input_cost_per_character",
        "input_cost_per_second",
        "input_cost_per_image",
        "output_cost_per_image",
    ];

    private static readonly (string Suffix, string ServiceTier)[] ServiceTiers =
    [
        ("_batches", "batch"),
        ("_flex", "flex"),
        ("_priority", "priority"),
    ];

    // These answer with vectors, ranks or verdicts, so that an output rate is left out for good reason.
    private static readonly string[] ModesWithoutOutput = ["embedding", "rerank", "moderation"];

    /// <summary>The keys that state a price of which nothing is taken.</summary>
    public static IEnumerable<string> PricesNotTaken(JsonElement entry) =>
        entry
            .EnumerateObject()
            .Select(property => property.Name)
            .Where(name => name.Contains("cost", StringComparison.Ordinal) && !IsTaken(name));

    public static string? ProviderOf(JsonElement entry) =>
        entry.TryGetProperty("litellm_provider", out var provider) ? provider.GetString() : null;

    public static long? MaxOutputOf(JsonElement entry) =>
        entry.TryGetProperty("max_output_tokens", out var most)
        && most.ValueKind == JsonValueKind.Number
        && most.TryGetInt64(out var tokens)
        && tokens > 0
        && !HasNoOutput(entry)
            ? tokens
            : null;

    /// <summary>The price, or null for an entry that is not priced by the token.</summary>
    public static StatedRow? Read(JsonElement entry)
    {
        var sheet = SheetOf(entry, "");
        AddFees(entry, sheet);
        if (HasNoOutput(entry) && sheet[RateDimension.Output] is null)
            sheet.Set(RateDimension.Output, 0);
        if (sheet[RateDimension.Output] is null or 0 && sheet[RateDimension.OutputImage] is { } image)
            sheet.Set(RateDimension.Output, image);
        AddRangeTiers(entry, sheet);
        if (sheet[RateDimension.Input] is null && sheet[RateDimension.Output] is null or 0)
            return ByThePiece(entry);
        if (sheet[RateDimension.Input] is null || sheet[RateDimension.Output] is null)
            return null;
        var row = new StatedRow { Standard = sheet };
        foreach (var (suffix, name) in ServiceTiers)
        {
            var special = SheetOf(entry, suffix);
            // Dear reasoning is the standard tier's; a tier with an output rate of its own counts it as output.
            if (special[RateDimension.Reasoning] is null && sheet[RateDimension.Reasoning] is not null)
                special.Set(RateDimension.Reasoning, special[RateDimension.Output]);
            // Half a tier is a mistake in the entry.
            if (special[RateDimension.Input] is not null && special[RateDimension.Output] is not null && !IsSlip(name, special, sheet))
                row.ServiceTiers[name] = special;
        }

        AddFactors(entry, row);
        return row;
    }

    // A priority tier that is not dearer is the standard one written twice, and a batch at an eighth that of another model: the base of a
    // fine-tuned one. Without it the standard rates hold, or a rule of the provider.
    private static bool IsSlip(string tier, RateSheet special, RateSheet standard)
    {
        const decimal leastPart = 0.2m;
        var (input, output) = (FactorOf(RateDimension.Input), FactorOf(RateDimension.Output));
        return tier == "priority" ? input <= 1 && output <= 1 : (input >= 1 && output >= 1) || input < leastPart || output < leastPart;

        decimal? FactorOf(RateDimension dimension) => standard[dimension] is > 0 and var usd ? special[dimension] / usd : null;
    }

    // What is not billed by tokens is billed by what it speaks, hears or draws. A picture that is made is the input of nothing, and stands
    // there all the same.
    private static StatedRow? ByThePiece(JsonElement entry)
    {
        var mode = entry.TryGetProperty("mode", out var stated) ? stated.GetString() : null;
        var (dimension, usd) = mode switch
        {
            "audio_speech" => (RateDimension.InputCharacters, UsdPerMillion(entry, "input_cost_per_character")),
            "audio_transcription" => (RateDimension.InputAudioSeconds, UsdPerMillion(entry, "input_cost_per_second")),
            "image_generation" or "image_edit" => (
                RateDimension.OutputPicture,
                Number(entry, "output_cost_per_image") ?? Number(entry, "input_cost_per_image")
            ),
            _ => (default, null),
        };
        if (usd is not > 0)
            return null;
        var sheet = new RateSheet();
        sheet.Set(dimension, usd);
        return new StatedRow { Standard = sheet };
    }

    private static bool HasNoOutput(JsonElement entry) =>
        entry.TryGetProperty("mode", out var mode) && ModesWithoutOutput.Contains(mode.GetString());

    private static bool IsTaken(string key)
    {
        var whole = Threshold().Match(key) is { Success: true } match ? match.Groups["key"].Value + match.Groups["suffix"].Value : key;
        var suffix =
            ServiceTiers.Select(tier => tier.Suffix).FirstOrDefault(suffix => whole.EndsWith(suffix, StringComparison.Ordinal)) ?? "";
        return Others.Contains(key) || Tokens.Any(token => token.Key == whole[..^suffix.Length]);
    }

    private static RateSheet SheetOf(JsonElement entry, string suffix)
    {
        var sheet = new RateSheet();
        foreach (var (key, dimension) in Tokens)
            sheet.Set(dimension, UsdPerMillion(entry, key + suffix));
        foreach (var property in entry.EnumerateObject())
        {
            if (Threshold().Match(property.Name) is not { Success: true } match || match.Groups["suffix"].Value != suffix)
                continue;
            var threshold =
                long.Parse(match.Groups["count"].Value, CultureInfo.InvariantCulture) * (match.Groups["k"].Length > 0 ? 1000 : 1);
            var known = Array.FindIndex(Tokens, token => token.Key == match.Groups["key"].Value);
            // The highest threshold that the input rate names is what selects a tier.
            if (
                known < 0
                || !entry.TryGetProperty($"input_cost_per_token_above_{match.Groups["count"].Value}{match.Groups["k"].Value}_tokens", out _)
            )
                continue;
            sheet.SetTier(threshold, Tokens[known].Dimension, UsdPerMillion(entry, property.Name));
        }

        return sheet;
    }

    private static void AddFees(JsonElement entry, RateSheet sheet)
    {
        sheet.Set(RateDimension.Request, Number(entry, "input_cost_per_request"));
        sheet.Set(RateDimension.RerankSearch, Number(entry, "input_cost_per_query"));
        if (entry.TryGetProperty("search_context_cost_per_query", out var search) && search.ValueKind == JsonValueKind.Object)
            sheet.Set(RateDimension.WebSearch, Number(search, "search_context_size_medium") ?? Number(search, "search_context_size_low"));
    }

    // Ranges of input length with rates of their own; what a range leaves out costs what its input costs.
    private static void AddRangeTiers(JsonElement entry, RateSheet sheet)
    {
        if (!entry.TryGetProperty("tiered_pricing", out var tiers) || tiers.ValueKind != JsonValueKind.Array)
            return;
        foreach (var tier in tiers.EnumerateArray())
        {
            if (!tier.TryGetProperty("range", out var range) || Number(tier, "input_cost_per_token") is null)
                continue;
            var start = (long)range[0].GetDecimal();
            foreach (var (key, dimension) in Tokens)
            {
                var usd = UsdPerMillion(tier, key);
                if (start == 0)
                    sheet.Set(dimension, usd);
                else
                    sheet.SetTier(start, dimension, usd ?? (sheet[dimension] is null ? null : UsdPerMillion(tier, ParentOf(dimension))));
            }
        }
    }

    private static string ParentOf(RateDimension dimension) =>
        dimension is RateDimension.Reasoning or RateDimension.Output or RateDimension.OutputAudio or RateDimension.OutputImage
            ? "output_cost_per_token"
            : "input_cost_per_token";

    private static void AddFactors(JsonElement entry, StatedRow row)
    {
        foreach (var property in entry.EnumerateObject())
        {
            const string uplift = "regional_processing_uplift_multiplier_";
            if (property.Name.StartsWith(uplift, StringComparison.Ordinal))
                row.Regions[property.Name[uplift.Length..]] = property.Value.GetDecimal();
        }

        if (!entry.TryGetProperty("provider_specific_entry", out var specific))
            return;
        if (Number(specific, "us") is { } us)
            row.Regions["us"] = us;
        if (Number(specific, "fast") is { } fast)
            row.ServiceFactors["fast"] = fast;
    }

    private static decimal? UsdPerMillion(JsonElement entry, string key) => Number(entry, key) * Million;

    private static decimal? Number(JsonElement entry, string key)
    {
        if (!entry.TryGetProperty(key, out var value))
            return null;
        return value.ValueKind switch
        {
            JsonValueKind.Number => value.GetDecimal(),
            JsonValueKind.String
                when decimal.TryParse(value.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
            _ => null,
        };
    }

    [GeneratedRegex("^(?<key>[a-z_1]+?)_above_(?<count>[0-9]+)(?<k>k?)_tokens(?<suffix>(_batches|_flex|_priority)?)$")]
    private static partial Regex Threshold();
}
