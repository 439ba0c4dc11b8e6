using System.Text.Json;
using AgentBudget.Pricing.Files;

namespace AgentBudget.Pricing.Import.Sources;

/// <summary>
/// The collections on disk: <c>genai-prices/data.v2.json</c>, <c>litellm/model_prices_and_context_window.json</c>,
/// <c>openrouter/openrouter_models.DAY.json</c>, <c>models.dev/providers/</c> and <c>pi-ai/models.json</c>, in the versions that
/// <see cref="SourceVersions"/> names.
/// </summary>
internal static class SourceFolder
{
    public static IReadOnlyList<ISource> Open(string folder)
    {
        var versions = SourceVersions.Current;
        var openRouter = Path.Combine(folder, "openrouter", $"openrouter_models.{versions.OpenRouter.Day:yyyy-MM-dd}.json");
        return
        [
            new GenAiPrices(
                Json(Path.Combine(folder, "genai-prices", "data.v2.json")),
                versions.GenAiPrices.Commit,
                versions.GenAiPrices.Day
            ),
            new LiteLlm(
                Json(Path.Combine(folder, "litellm", "model_prices_and_context_window.json")),
                $"https://github.com/Prajwalsrinvas/token-tariff/tree/{versions.LiteLlm.Commit}",
                versions.LiteLlm.Day
            ),
            new OpenRouterList(
                Json(openRouter),
                $"https://github.com/Prajwalsrinvas/token-tariff/tree/{versions.OpenRouter.Commit}/data/history/"
                    + $"{versions.OpenRouter.Day:yyyy-MM-dd}",
                versions.OpenRouter.Day
            ),
            new ModelsDev(Path.Combine(folder, "models.dev", "providers"), versions.ModelsDev.Commit, versions.ModelsDev.Day),
            new PiAiList(Json(Path.Combine(folder, "pi-ai", "models.json")), versions.PiAi.Commit, versions.PiAi.Day),
        ];
    }

    // The document is not disposed of: its elements live as long as the source does.
    private static JsonElement Json(string path) => JsonDocument.Parse(ByteOrderMark.Strip(File.ReadAllBytes(path))).RootElement;
}
