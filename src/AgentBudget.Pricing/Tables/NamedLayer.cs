using System.Security.Cryptography;
using System.Text;
using AgentBudget.Pricing.Files;
using AgentBudget.Pricing.Names;

namespace AgentBudget.Pricing.Tables;

/// <summary>A layer of one name that stands for a known model.</summary>
internal static class NamedLayer
{
    public static PriceTable Of(ModelResolver resolver, PriceTable[] layersFromTheTop, string provider, string name, string model)
    {
        var seller = Normal(provider, "provider");
        var alias = Normal(name, "name");
        var facts = resolver.FindProvider(seller) ?? throw new ArgumentException($"The provider \"{provider}\" is unknown.", nameof(provider));
        var known = resolver.FindModel(seller, Normal(model, "model"))
            ?? throw new ArgumentException($"{facts.Id} has no model \"{model}\" in the price table.", nameof(model));
        var named = new ModelPrices(known.Rows)
        {
            Provider = facts.Id,
            Model = known.Model,
            Names = [alias],
            DatedNames = [],
            HasBedrockNames = false,
        };
        var content = SHA256.HashData(Encoding.UTF8.GetBytes($"{facts.Id}\n{alias}\n{known.Label}\n{string.Join('\n', layersFromTheTop.Select(layer => layer.Version))}"));
        var newest = known.Rows.Max(row => row.Retrieved);
        return new PriceTable([new ProviderFacts { Id = facts.Id }], [named], PriceTableReader.VersionOf(newest, content), newest);
    }

    private static string Normal(string text, string what)
    {
        Span<char> buffer = stackalloc char[NormalizedName.MaxLength];
        return NormalizedName.TryWrite(text, buffer, out var length)
            ? buffer[..length].ToString()
            : throw new ArgumentException($"The {what} must be ASCII of 1 to {NormalizedName.MaxLength} characters.");
    }
}
