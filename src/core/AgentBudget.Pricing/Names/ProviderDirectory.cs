using System.Diagnostics.CodeAnalysis;
using AgentBudget.Pricing.Tables;

namespace AgentBudget.Pricing.Names;

/// <summary>The providers of all layers of a book, by id and alias. Where layers disagree the upper one is right.</summary>
internal sealed class ProviderDirectory
{
    private readonly Dictionary<string, ProviderFacts>.AlternateLookup<ReadOnlySpan<char>> byName;

    public ProviderDirectory(PriceTable[] layersFromTheTop)
    {
        var byId = new Dictionary<string, ProviderFacts>(StringComparer.Ordinal);
        foreach (var facts in layersFromTheTop.SelectMany(layer => layer.Providers))
            byId[facts.Id] = byId.TryGetValue(facts.Id, out var upper) ? upper.Over(facts) : facts;

        foreach (var id in byId.Keys.ToArray())
            byId[id] = byId[id] with { Shelves = Array.ConvertAll(layersFromTheTop, layer => layer.NamesAt(id)) };

        // An id goes before anybody's alias, so that adding an alias can never take a provider's own name away.
        var byName = new Dictionary<string, ProviderFacts>(byId, StringComparer.Ordinal);
        foreach (var facts in byId.Values)
        {
            foreach (var alias in facts.Aliases)
                byName.TryAdd(alias, facts);
        }

        this.byName = byName.GetAlternateLookup<ReadOnlySpan<char>>();
        WithNamePrefixes = [.. byId.Values.Where(facts => facts.NamePrefixes.Count > 0)];
    }

    /// <summary>The providers whose model names may carry a prefix of their own.</summary>
    public IReadOnlyList<ProviderFacts> WithNamePrefixes { get; }

    /// <summary>Finds a provider by its normalized id or alias.</summary>
    public bool TryFind(ReadOnlySpan<char> name, [NotNullWhen(true)] out ProviderFacts? provider) => byName.TryGetValue(name, out provider);

    /// <summary>Splits <c>provider/model</c> at the first slash, if what stands before it is a provider.</summary>
    public bool TrySplit(ReadOnlySpan<char> name, [NotNullWhen(true)] out ProviderFacts? provider, out ReadOnlySpan<char> model)
    {
        var slash = name.IndexOf('/');
        provider = null;
        model = slash < 0 ? [] : name[(slash + 1)..];
        return !model.IsEmpty && TryFind(name[..slash], out provider);
    }

    public bool IsFirstParty(string providerId) => TryFind(providerId, out var facts) && facts.FirstParty == true;
}
