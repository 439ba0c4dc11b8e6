using AgentBudget.Pricing.Import;

namespace AgentBudget.Pricing.Tests.Import;

/// <summary>A folder with collections of a few models, in the forms of the real ones, and a folder with one price file.</summary>
internal sealed class SmallSources : IDisposable
{
    private const string Head = """ "import": { "genai_prices": "acme", "litellm": ["acme"], "models_dev": ["acme"], "fees_at_openrouter": "acme/", "dates_every_model": true } """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sources");
    private readonly Dictionary<string, string> _genAi = [];
    private readonly Dictionary<string, string> _liteLlm = [];

    public SmallSources()
    {
        Write("openrouter/openrouter_models.2026-08-01.json", """{ "data": [] }""");
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "models.dev", "providers", "acme", "models"));
        WritePriceFile("[]");
    }

    public string PriceFile => Path.Combine(_folder.FullName, "pricing", "acme.json");

    /// <summary>A model of genai-prices that matches its own name.</summary>
    public void GenAi(string model, string prices, string? match = null) =>
        _genAi[model] = $$"""{ "id": "{{model}}", "match": {{match ?? $$"""{ "equals": "{{model}}" }"""}}, "prices": {{prices}} }""";

    /// <summary>An entry of litellm; rates in US dollars per token.</summary>
    public void LiteLlm(string model, string rates) => _liteLlm[model] = $$"""{ "litellm_provider": "acme", "mode": "chat", {{rates}} }""";

    /// <summary>The one model that OpenRouter passes on; rates in US dollars per token, as text.</summary>
    public void OpenRouter(string model, string pricing) => Write(
        "openrouter/openrouter_models.2026-08-01.json",
        $$"""{ "data": [ { "id": "acme/{{model}}", "pricing": {{pricing}}, "top_provider": {} } ] }""");

    /// <summary>A model of models.dev.</summary>
    public void ModelsDev(string model, string cost) => Write($"models.dev/providers/acme/models/{model}.toml", $"name = \"x\"\n\n[cost]\n{cost}\n\n[limit]\noutput = 1_000\n");

    public void WritePriceFile(string models) =>
        Write("pricing/acme.json", $$"""{ "$schema": "schema.json", "provider": "acme", "first_party": true, {{Head}}, "models": {{models}} }""");

    public ProviderChange Run(params string[] allowed)
    {
        Write("genai-prices/data.v2.json", $$"""[ { "id": "acme", "models": [ {{string.Join(',', _genAi.Values)}} ] } ]""");
        Write("litellm/model_prices_and_context_window.json", $$"""{ {{string.Join(',', _liteLlm.Select(entry => $"\"{entry.Key}\": {entry.Value}"))}} }""");
        return Assert.Single(PriceImport.Run(_folder.FullName, Path.GetDirectoryName(PriceFile)!, allowed));
    }

    /// <summary>The book of what was derived.</summary>
    public PriceBook Book(params string[] allowed) => PriceBook.Parse(Pricing.PriceFile.FromText("acme.json", Run(allowed).Text));

    public void Dispose() => _folder.Delete(recursive: true);

    private void Write(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
