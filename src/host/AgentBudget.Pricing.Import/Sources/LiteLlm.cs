using System.Text.Json;

namespace AgentBudget.Pricing.Import.Sources;

/// <summary>litellm, <c>model_prices_and_context_window.json</c>: US dollars per token, under keys that carry the provider.</summary>
internal sealed class LiteLlm : ISource
{
    // Keys that stand for a class of models by size are no model's name, and neither is one with a wildcard.
    private static readonly string[] ClassesOfModels = ["together-ai-", "fireworks-ai-"];

    private readonly SortedSet<string> notTaken = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Dictionary<string, Statement>> byProvider = [];

    public LiteLlm(JsonElement root, string address, DateOnly retrieved)
    {
        Day = retrieved;
        foreach (var property in root.EnumerateObject())
        {
            if (property.Name == "sample_spec" || IsClass(property.Name))
                continue;
            if (LiteLlmEntry.ProviderOf(property.Value) is not { } provider)
                continue;
            notTaken.UnionWith(LiteLlmEntry.PricesNotTaken(property.Value));
            if (LiteLlmEntry.Read(property.Value) is not { } row)
                continue;
            var statement = new Statement
            {
                Source = "litellm",
                Group = $"litellm:{property.Name}",
                Rows = [row],
                MaxOutputTokens = LiteLlmEntry.MaxOutputOf(property.Value),
                Address = address,
                Retrieved = retrieved,
            };
            if (!byProvider.TryGetValue(provider, out var names))
                byProvider[provider] = names = [];
            names.TryAdd(property.Name.ToLowerInvariant(), statement);
        }
    }

    public DateOnly Day { get; }

    public IReadOnlyCollection<string> NotTaken => notTaken;

    public IEnumerable<string> NamesAt(ProviderMapping provider) =>
        provider.LiteLlm.Where(byProvider.ContainsKey).SelectMany(id => byProvider[id].Keys).Select(key => WithoutPrefix(provider, key));

    public Statement? Find(ProviderMapping provider, string name)
    {
        foreach (var names in provider.LiteLlm.Where(byProvider.ContainsKey).Select(id => byProvider[id]))
        {
            if (names.TryGetValue(name, out var bare) && WithoutPrefix(provider, name) == name)
                return bare;
            foreach (var prefix in provider.LiteLlm)
            {
                if (names.TryGetValue($"{prefix}/{name}", out var prefixed))
                    return prefixed;
            }
        }

        return null;
    }

    private static string WithoutPrefix(ProviderMapping provider, string key)
    {
        foreach (var prefix in provider.LiteLlm)
        {
            if (key.StartsWith(prefix + "/", StringComparison.Ordinal))
                return key[(prefix.Length + 1)..];
        }

        return key;
    }

    private static bool IsClass(string key) =>
        key.Contains('*') || ClassesOfModels.Any(prefix => key.StartsWith(prefix, StringComparison.Ordinal));
}
