using AgentBudget.Pricing.Tables;

namespace AgentBudget.Pricing.Names;

/// <summary>
/// From what a caller says to a row, by the forms listed here and no others. Each step takes off something that it knows by name;
/// what is left must then be in the table. There is no loop, so the time is bounded by the length of the name.
/// </summary>
internal sealed class ModelResolver
{
    private readonly NameIndex[] anywhere;
    private readonly ProviderDirectory directory;

    public ModelResolver(PriceTable[] layersFromTheTop)
    {
        directory = new ProviderDirectory(layersFromTheTop);
        anywhere = [.. layersFromTheTop.Select(layer => layer.NamesAnywhere(directory))];
    }

    /// <summary>A provider by its normalized id or alias, or null.</summary>
    public ProviderFacts? FindProvider(ReadOnlySpan<char> name) => directory.TryFind(name, out var facts) ? facts : null;

    /// <summary>The model of a normalized name at a provider, in the uppermost layer that has it, or null.</summary>
    public ModelPrices? FindModel(ReadOnlySpan<char> provider, ReadOnlySpan<char> model)
    {
        foreach (var shelf in FindProvider(provider)?.Shelves ?? [])
        {
            if (shelf.Find(model) is { } found)
                return found;
        }

        return null;
    }

    /// <summary>The row for a normalized model name at a provider named by the caller, or null.</summary>
    public PriceRow? FindAt(ReadOnlySpan<char> provider, ReadOnlySpan<char> model, DateTimeOffset at) =>
        directory.TryFind(provider, out var facts) ? FindAt(facts, model, at) : null;

    /// <summary>
    /// The row for a normalized model name alone, or null. A provider in front of the name (<c>openai/…</c>) is taken at its word;
    /// otherwise the name must belong to one provider, or to one that makes the model.
    /// </summary>
    public PriceRow? FindAnywhere(ReadOnlySpan<char> model, DateTimeOffset at)
    {
        if (directory.TrySplit(model, out var named, out var rest) && FindAt(named, rest, at) is { } row)
            return row;
        for (var i = 0; i < anywhere.Length; i++)
        {
            if (anywhere[i].Find(model)?.RowAt(at) is { } found)
                return found;
        }

        foreach (var facts in directory.WithNamePrefixes)
        {
            if (FindBehindPrefix(facts, model, at) is { } found)
                return found;
        }

        return null;
    }

    private PriceRow? FindAt(ProviderFacts provider, ReadOnlySpan<char> model, DateTimeOffset at)
    {
        if (FindInHouse(provider, model, at) is { } own)
            return own;
        if (!directory.TrySplit(model, out var named, out var rest))
            return null;
        if (named.Id != provider.Id)
            return Contains(provider.FallsBackTo, named.Id) ? FindOwn(named, rest, at) : FindAtListPrice(provider, named, rest, at);
        if (FindInHouse(provider, rest, at) is { } repeated)
            return repeated;
        return directory.TrySplit(rest, out var vendor, out var behind) ? FindAtListPrice(provider, vendor, behind, at) : null;
    }

    // The provider itself, then the other shops of its house.
    private PriceRow? FindInHouse(ProviderFacts provider, ReadOnlySpan<char> model, DateTimeOffset at)
    {
        if (FindOwn(provider, model, at) is { } own)
            return own;
        for (var i = 0; i < provider.FallsBackTo.Count; i++)
        {
            if (directory.TryFind(provider.FallsBackTo[i], out var next) && FindOwn(next, model, at) is { } found)
                return found;
        }

        return null;
    }

    private static bool Contains(IReadOnlyList<string> names, string name)
    {
        for (var i = 0; i < names.Count; i++)
        {
            if (names[i] == name)
                return true;
        }

        return false;
    }

    // "anthropic/claude-…" asked of OpenAI is a mistake, asked of a router that passes on the vendor's price it is not.
    private static PriceRow? FindAtListPrice(ProviderFacts seller, ProviderFacts vendor, ReadOnlySpan<char> model, DateTimeOffset at) =>
        seller.SellsAtListPrice == true && vendor.FirstParty == true ? FindOwn(vendor, model, at) : null;

    private static PriceRow? FindOwn(ProviderFacts provider, ReadOnlySpan<char> model, DateTimeOffset at)
    {
        foreach (var shelf in provider.Shelves)
        {
            if (shelf.Find(model)?.RowAt(at) is { } row)
                return row;
        }

        return FindBehindPrefix(provider, model, at);
    }

    private static PriceRow? FindBehindPrefix(ProviderFacts provider, ReadOnlySpan<char> model, DateTimeOffset at)
    {
        for (var i = 0; i < provider.NamePrefixes.Count; i++)
        {
            if (!model.StartsWith(provider.NamePrefixes[i]))
                continue;
            var rest = model[provider.NamePrefixes[i].Length..];
            foreach (var shelf in provider.Shelves)
            {
                if (shelf.Find(rest)?.RowAt(at) is { } row)
                    return row;
            }
        }

        return null;
    }
}
