using AgentBudget.Pricing.Import;

namespace AgentBudget.Pricing.Tests.Import;

/// <summary>A folder with collections of a few models, in the forms of the real ones, and a folder with one price file.</summary>
internal sealed class SmallSources : IDisposable
{
    private const string Import =
        """ "genai_prices": "acme", "litellm": ["acme"], "models_dev": ["acme"], "pi_ai": ["acme"], "fees_at_openrouter": "acme/", "dates_every_model": true """;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("sources");
    private readonly Dictionary<string, string> genAi = [];
    private readonly Dictionary<string, string> genAiElsewhere = [];
    private readonly List<string> openRouter = [];
    private readonly Dictionary<string, string> liteLlm = [];
    private readonly Dictionary<string, string> piAi = [];

    public SmallSources()
    {
        Directory.CreateDirectory(Path.Combine(folder.FullName, "models.dev", "providers", "acme", "models"));
        WritePriceFile("[]");
    }

    public string PriceFile => Path.Combine(folder.FullName, "pricing", "acme.json");

    /// <summary>A model of genai-prices that matches its own name.</summary>
    public void GenAi(string model, string prices, string? match = null) => genAi[model] = GenAiModel(model, prices, match);

    /// <summary>A model of genai-prices at another provider, <c>elsewhere</c>.</summary>
    public void GenAiElsewhere(string model, string prices) => genAiElsewhere[model] = GenAiModel(model, prices, null);

    /// <summary>A model of OpenRouter's list; rates in US dollars per token.</summary>
    public void OpenRouter(string model, string pricing) =>
        openRouter.Add($$"""{ "id": "{{model}}", "pricing": {{pricing}}, "top_provider": {} }""");

    /// <summary>An entry of litellm; rates in US dollars per token.</summary>
    public void LiteLlm(string model, string rates) => liteLlm[model] = $$"""{ "litellm_provider": "acme", "mode": "chat", {{rates}} }""";

    /// <summary>A model of models.dev.</summary>
    public void ModelsDev(string model, string cost) =>
        Write($"models.dev/providers/acme/models/{model}.toml", $"name = \"x\"\n\n[cost]\n{cost}\n\n[limit]\noutput = 1_000\n");

    /// <summary>A model of pi-ai's list, which is a quarter newer than the others; rates in US dollars per million tokens.</summary>
    public void PiAi(string model, string cost) => piAi[model] = $$"""{ "cost": {{cost}}, "max_output": 1000 }""";

    /// <summary>The price file as it stands before.</summary>
    /// <param name="models">Its models.</param>
    /// <param name="import">Further members of the provider's place in the collections.</param>
    /// <param name="rules">Rules of the provider.</param>
    public void WritePriceFile(string models, string import = "", string rules = "[]") =>
        Write(
            "pricing/acme.json",
            $$"""{ "$schema": "schema.json", "provider": "acme", "first_party": true, "import": { {{Import}} {{import}} }, "rules": {{rules}}, "models": {{models}} }"""
        );

    public ProviderChange Run(params string[] allowed)
    {
        Write("openrouter/openrouter_models.2026-08-01.json", $$"""{ "data": [ {{string.Join(',', openRouter)}} ] }""");
        Write(
            "genai-prices/data.v2.json",
            $$"""[ { "id": "acme", "models": [ {{string.Join(',', genAi.Values)}} ] }, { "id": "elsewhere", "models": [ {{string.Join(',', genAiElsewhere.Values)}} ] } ]"""
        );
        Write(
            "litellm/model_prices_and_context_window.json",
            $$"""{ {{string.Join(',', liteLlm.Select(entry => $"\"{entry.Key}\": {entry.Value}"))}} }"""
        );
        Write("pi-ai/models.json", $$"""{ "acme": { {{string.Join(',', piAi.Select(entry => $"\"{entry.Key}\": {entry.Value}"))}} } }""");
        return Assert.Single(PriceImport.Run(folder.FullName, Path.GetDirectoryName(PriceFile)!, allowed));
    }

    /// <summary>The book of what was derived.</summary>
    public PriceBook Book(params string[] allowed) => PriceBook.Parse(AgentBudget.PriceFile.FromText("acme.json", Run(allowed).Text));

    public void Dispose() => folder.Delete(recursive: true);

    private static string GenAiModel(string model, string prices, string? match) =>
        $$"""{ "id": "{{model}}", "match": {{match ?? $$"""{ "equals": "{{model}}" }"""}}, "prices": {{prices}} }""";

    private void Write(string name, string text)
    {
        var path = Path.Combine(folder.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
