using System.Text.Json;
using AgentBudget.Pricing.Import.Sources;

namespace AgentBudget.Pricing.Import.Updating;

/// <summary>A collection that was fetched; whatever in it is not of its form is told with its name.</summary>
internal sealed class FetchedSource : ISource
{
    /// <summary>A collection that knows fewer of the table's names than one in so many is cut short.</summary>
    private const int LeastPart = 20;

    private const int MostNamed = 40;

    private readonly string name;
    private readonly Uri address;
    private readonly ISource inner;

    public FetchedSource(string name, Uri address, JsonElement root, DateOnly day)
    {
        (this.name, this.address) = (name, address);
        inner = Told<ISource>(() =>
            name.ToLowerInvariant() switch
            {
                "genai-prices" => new GenAiPrices(root, "main", day),
                "litellm" => new LiteLlm(root, "https://github.com/BerriAI/litellm/blob/main/model_prices_and_context_window.json", day),
                "openrouter" => new OpenRouterList(root, "https://openrouter.ai/api/v1/models", day),
                "models.dev" => new ModelsDevList(root, "https://github.com/anomalyco/models.dev", day),
                _ => throw new InvalidOperationException($"There is no reader for {name}."),
            }
        );
    }

    public DateOnly Day => inner.Day;

    public IReadOnlyCollection<string> NotTaken => Told(() => inner.NotTaken);

    /// <summary>What of it is left out, in a sentence; null for nothing.</summary>
    public string? DescribeNotTaken()
    {
        if (NotTaken is not { Count: > 0 } names)
            return null;
        var more = names.Count > MostNamed ? ", ..." : "";
        return $"{name} states prices that the table has no place for: {string.Join(", ", names.Take(MostNamed))}{more}.";
    }

    public IEnumerable<string> NamesAt(ProviderMapping provider) => Told(() => inner.NamesAt(provider).ToArray());

    public Statement? Find(ProviderMapping provider, string name) => Told(() => inner.Find(provider, name));

    /// <summary>Refuses it where it knows next to nothing of the table: a collection that was cut short and is JSON still.</summary>
    public void EnsureItKnows(IEnumerable<ImportableFile> files)
    {
        var asked = files
            .Where(file => IsAbout(file.Import))
            .SelectMany(file => file.Models.SelectMany(model => model.Names), (file, name) => (file.Import, name))
            .ToArray();
        var least = asked.Length == 0 ? 0 : Math.Max(1, asked.Length / LeastPart);
        var found = asked.Count(pair => Find(pair.Import, pair.name) is not null);
        if (found < least)
            throw CollectionFetch.Failed(name, address, $"it knows {found} names of the table, where at least {least} are expected");
    }

    private bool IsAbout(ProviderMapping provider) =>
        inner switch
        {
            GenAiPrices => provider.GenAiPrices is not null,
            LiteLlm => provider.LiteLlm.Count > 0,
            OpenRouterList => provider.OpenRouter || provider.FeesAtOpenRouter is not null,
            _ => provider.ModelsDev.Count > 0,
        };

    private T Told<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (exception is not PriceUpdateException)
        {
            // Whatever a reader runs into, a collection that is not what it expects is why.
            throw CollectionFetch.Failed(name, address, $"it is not in its form ({exception.Message.TrimEnd('.')})", exception);
        }
    }
}
