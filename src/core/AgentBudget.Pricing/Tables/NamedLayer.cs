using System.Security.Cryptography;
using System.Text;
using AgentBudget.Pricing.Files;
using AgentBudget.Pricing.Names;

namespace AgentBudget.Pricing.Tables;

/// <summary>A layer of names that stand for known models.</summary>
internal static class NamedLayer
{
    public static PriceTable Of(ModelResolver resolver, PriceTable[] layersFromTheTop, IReadOnlyList<ModelName> names)
    {
        var named = names.Select(name => Named(resolver, name)).ToArray();
        if (named.GroupBy(model => (model.Provider, model.Names[0])).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new ArgumentException($"The name \"{twice.Key.Item2}\" at {twice.Key.Provider} is there twice.", nameof(names));
        var providers = named.Select(model => model.Provider).Distinct().Select(id => new ProviderFacts { Id = id }).ToArray();
        var lines = named
            .Select(model => $"{model.Provider}\n{model.Names[0]}\n{model.Label}")
            .Concat(layersFromTheTop.Select(layer => layer.Version));
        var content = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines)));
        var newest = named.SelectMany(model => model.Rows).Max(row => row.Retrieved);
        return new PriceTable(providers, named, PriceTableReader.VersionOf(newest, content), newest);
    }

    private static ModelPrices Named(ModelResolver resolver, ModelName name)
    {
        var seller = Normal(name.Provider, "provider");
        var alias = Normal(name.Name, "name");
        var facts =
            resolver.FindProvider(seller) ?? throw new ArgumentException($"The provider \"{name.Provider}\" is unknown.", nameof(name));
        var known =
            resolver.FindModel(seller, Normal(name.Model, "model"))
            ?? throw new ArgumentException($"{facts.Id} has no model \"{name.Model}\" in the price table.", nameof(name));
        return new ModelPrices(known.Rows)
        {
            Provider = facts.Id,
            Model = known.Model,
            Names = [alias],
            DatedNames = [],
            HasBedrockNames = false,
        };
    }

    private static string Normal(string text, string what)
    {
        Span<char> buffer = stackalloc char[NormalizedName.MaxLength];
        return NormalizedName.TryWrite(text, buffer, out var length)
            ? buffer[..length].ToString()
            : throw new ArgumentException($"The {what} must be ASCII of 1 to {NormalizedName.MaxLength} characters.");
    }
}
