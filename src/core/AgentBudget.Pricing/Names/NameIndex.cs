using AgentBudget.Pricing.Tables;

namespace AgentBudget.Pricing.Names;

/// <summary>
/// From a name to a model, by the forms that a name may take. Immutable, and asked by span, so that a look-up allocates nothing.
/// </summary>
internal sealed class NameIndex
{
    private readonly Dictionary<string, NamedModel>.AlternateLookup<ReadOnlySpan<char>> byName;

    private readonly bool hasBedrockNames;

    public NameIndex(IEnumerable<KeyValuePair<string, NamedModel>> names)
    {
        // A frozen dictionary answers a little sooner and takes ten times as long to make; a table is made for one call, too.
        var models = new Dictionary<string, NamedModel>(names, StringComparer.Ordinal);
        byName = models.GetAlternateLookup<ReadOnlySpan<char>>();
        hasBedrockNames = models.Values.Any(named => named.Model is { HasBedrockNames: true });
    }

    /// <summary>The model with this name, or null.</summary>
    /// <param name="name">A normalized name.</param>
    public ModelPrices? Find(ReadOnlySpan<char> name)
    {
        var stem = FineTuneName.WithoutOwner(name);
        if ((FindPlain(stem) ?? FindBedrock(stem)) is { } found)
            return found;
        if (hasBedrockNames && BedrockArn.TryRead(stem, out var named))
            return Decorated(named) ?? FindBedrock(named);
        return NameMarker.TryStrip(stem, out var unmarked) ? FindPlain(unmarked) ?? FindBedrock(unmarked) : null;
    }

    // The exact name goes before the name with its snapshot date taken off: a snapshot may have a price of its own.
    private ModelPrices? FindPlain(ReadOnlySpan<char> name)
    {
        if (byName.TryGetValue(name, out var exact))
            return exact.Model;
        return DateSuffix.TryStrip(name, out var stem) && byName.TryGetValue(stem, out var dated) && dated.MayCarryDate
            ? dated.Model
            : null;
    }

    private ModelPrices? FindBedrock(ReadOnlySpan<char> name)
    {
        if (!hasBedrockNames)
            return null;
        if (BedrockName.TryStripVersion(name, out var unversioned) && Decorated(unversioned) is { } regional)
            return regional;
        if (!BedrockName.TryStripRegion(name, out var anywhere))
            return null;
        if (Decorated(anywhere) is { } versioned)
            return versioned;
        return BedrockName.TryStripVersion(anywhere, out var bare) ? Decorated(bare) : null;
    }

    private ModelPrices? Decorated(ReadOnlySpan<char> name) => FindPlain(name) is { HasBedrockNames: true } model ? model : null;
}
