using System.Text.Json;
using AgentBudget.Pricing.Files;

namespace AgentBudget.Pricing.Import.Sources;

/// <summary>Where a provider stands in each collection: the object <c>import</c> at the head of a price file.</summary>
internal sealed record ProviderMapping
{
    /// <summary>The provider's id in genai-prices, or null.</summary>
    public string? GenAiPrices { get; init; }

    /// <summary>Providers of genai-prices whose price holds here for a model that this one does not list.</summary>
    public IReadOnlyList<string> GenAiPricesFallbacks { get; init; } = [];

    /// <summary>Values of <c>litellm_provider</c>; each is also a prefix of keys.</summary>
    public IReadOnlyList<string> LiteLlm { get; init; } = [];

    /// <summary>Folders of models.dev.</summary>
    public IReadOnlyList<string> ModelsDev { get; init; } = [];

    /// <summary>Providers of pi-ai.</summary>
    public IReadOnlyList<string> PiAi { get; init; } = [];

    /// <summary>Whether OpenRouter's own list is about this provider.</summary>
    public bool OpenRouter { get; init; }

    /// <summary>The prefix under which OpenRouter passes this provider's models on, with the vendor's fees; or null.</summary>
    public string? FeesAtOpenRouter { get; init; }

    /// <summary>Beginnings of names that a collection files here and that another price file holds.</summary>
    public IReadOnlyList<string> Excluded { get; init; } = [];

    /// <summary>Whether exactly the threshold selects a context tier.</summary>
    public bool TiersIncludeThreshold { get; init; }

    /// <summary>Whether the vendor issues every model with a date; otherwise only those of which a source shows it.</summary>
    public bool DatesEveryModel { get; init; }

    /// <summary>Whether a pattern of genai-prices that begins with a model's id stands for that id.</summary>
    public bool PatternsAreNames { get; init; }

    /// <summary>
    /// Whether a fee per request is the price of the one web search that this vendor makes for every request, so that it is charged for
    /// each search, and at least once.
    /// </summary>
    public bool RequestFeeIsWebSearch { get; init; }

    /// <summary>The rules at the head of the price file.</summary>
    public IReadOnlyList<ProviderRule> Rules { get; private init; } = [];

    /// <summary>Reads what a price file says; null for one that says nothing of collections.</summary>
    /// <exception cref="InvalidDataException">Its object <c>import</c> holds something else.</exception>
    public static ProviderMapping? Of(JsonElement file) =>
        file.TryGetProperty("import", out var import)
            ? Read(import) with
            {
                Rules = RuleReader.Read(new JsonObjectReader(file, "rules", new ProblemList())),
            }
            : null;

    /// <summary>Reads the object; a misspelt property is refused, as everywhere in a price file.</summary>
    /// <exception cref="InvalidDataException">It holds something else.</exception>
    public static ProviderMapping Read(JsonElement element)
    {
        var mapping = new ProviderMapping();
        foreach (var property in element.EnumerateObject())
        {
            mapping = property.Name switch
            {
                "genai_prices" => mapping with { GenAiPrices = property.Value.GetString() },
                "genai_prices_fallbacks" => mapping with { GenAiPricesFallbacks = Texts(property.Value) },
                "litellm" => mapping with { LiteLlm = Texts(property.Value) },
                "models_dev" => mapping with { ModelsDev = Texts(property.Value) },
                "pi_ai" => mapping with { PiAi = Texts(property.Value) },
                "openrouter" => mapping with { OpenRouter = property.Value.GetBoolean() },
                "fees_at_openrouter" => mapping with { FeesAtOpenRouter = property.Value.GetString() },
                "excluded" => mapping with { Excluded = Texts(property.Value) },
                "tiers_include_threshold" => mapping with { TiersIncludeThreshold = property.Value.GetBoolean() },
                "dates_every_model" => mapping with { DatesEveryModel = property.Value.GetBoolean() },
                "patterns_are_names" => mapping with { PatternsAreNames = property.Value.GetBoolean() },
                "request_fee_is_web_search" => mapping with { RequestFeeIsWebSearch = property.Value.GetBoolean() },
                _ => throw new InvalidDataException($"\"import\" holds \"{property.Name}\", which is not a known property."),
            };
        }

        return mapping;
    }

    private static string[] Texts(JsonElement list) => [.. list.EnumerateArray().Select(entry => entry.GetString() ?? "")];
}
