using AgentBudget.Pricing.Names;

namespace AgentBudget.Pricing.Tables;

/// <summary>One layer of a price book: what one set of price files says. Immutable and already checked.</summary>
internal sealed class PriceTable
{
    private static readonly NameIndex Nothing = new([]);

    private readonly Dictionary<string, NameIndex> byProvider;

    public PriceTable(IReadOnlyList<ProviderFacts> providers, IReadOnlyList<ModelPrices> models, string version, DateOnly newestRow)
    {
        Providers = providers;
        Models = models;
        Version = version;
        NewestRow = newestRow;
        byProvider = models
            .GroupBy(model => model.Provider)
            .ToDictionary(group => group.Key, group => new NameIndex(group.SelectMany(NamesOf)), StringComparer.Ordinal);
    }

    public IReadOnlyList<ProviderFacts> Providers { get; }

    public IReadOnlyList<ModelPrices> Models { get; }

    public string Version { get; }

    /// <summary>The newest retrieval date among the rows.</summary>
    public DateOnly NewestRow { get; }

    /// <summary>The names that one provider sells under in this layer.</summary>
    public NameIndex NamesAt(string provider) => byProvider.GetValueOrDefault(provider, Nothing);

    /// <summary>
    /// The names of all providers together. A name that several have means the one first party among them; without exactly one it
    /// means nothing, because the same name at two resellers is two prices.
    /// </summary>
    public NameIndex NamesAnywhere(ProviderDirectory directory)
    {
        var byName = Models.SelectMany(NamesOf).GroupBy(entry => entry.Key, entry => entry.Value, StringComparer.Ordinal);
        return new NameIndex(byName.Select(group => KeyValuePair.Create(group.Key, OneOf([.. group], directory))));
    }

    private static NamedModel OneOf(NamedModel[] sellers, ProviderDirectory directory)
    {
        if (sellers.Length == 1)
            return sellers[0];
        var makers = Array.FindAll(sellers, seller => seller.Model is { } model && directory.IsFirstParty(model.Provider));
        return makers.Length == 1 ? makers[0] : default;
    }

    private static IEnumerable<KeyValuePair<string, NamedModel>> NamesOf(ModelPrices model) =>
        model.Names.Select(name => KeyValuePair.Create(name, new NamedModel(model, model.DatedNames.Contains(name))));
}
