using System.Text;
using System.Text.Json;
using AgentBudget.Pricing.Files;
using AgentBudget.Pricing.Import.Comparing;
using AgentBudget.Pricing.Import.Deriving;
using AgentBudget.Pricing.Import.Sources;
using AgentBudget.Pricing.Import.Writing;

namespace AgentBudget.Pricing.Import;

/// <summary>
/// Derives price files from published collections. Run by hand: it shows what would change, and writes nothing itself. Which entry of a
/// collection a provider takes stands at the head of its price file, under <c>import</c>; a file without it is left alone.
/// </summary>
public static class PriceImport
{
    /// <summary>Derives all price files of a folder anew.</summary>
    /// <param name="sourcesFolder">The folder with the collections, laid out as <c>pricing/README.md</c> says.</param>
    /// <param name="pricingFolder">The folder with the price files.</param>
    /// <param name="allowed">Names of models that may vanish, or move more than fivefold.</param>
    /// <exception cref="InvalidDataException">A source or a head cannot be read.</exception>
    /// <exception cref="IOException">A folder or file is missing.</exception>
    public static IReadOnlyList<ProviderChange> Run(string sourcesFolder, string pricingFolder, IReadOnlyCollection<string> allowed)
    {
        ArgumentNullException.ThrowIfNull(allowed);
        var sources = SourceFolder.Open(sourcesFolder);
        var paths = Directory.EnumerateFiles(pricingFolder, "*.json").Order(StringComparer.Ordinal);
        return [.. paths.Select(path => Derive(path, sources, allowed)).OfType<ProviderChange>()];
    }

    private static ProviderChange? Derive(string path, IReadOnlyList<ISource> sources, IReadOnlyCollection<string> allowed)
    {
        using var document = JsonDocument.Parse(ByteOrderMark.Strip(File.ReadAllBytes(path)));
        if (ProviderMapping.Of(document.RootElement) is not { } import)
            return null;
        var old = FlatModel.ReadAll(document.RootElement);
        var text = DeriveText(document.RootElement, import, sources, known: null, out var models);
        Check(path, text);
        var (changes, refused) = TableComparison.Between(old, Flat(text));
        return new ProviderChange(
            document.RootElement.GetProperty("provider").GetString()!,
            path,
            text,
            models.Count,
            changes,
            [.. refused.Where(change => !allowed.Contains(change.Name))],
            [.. models.KeptByHand.Select(DescribeKept)]
        );
    }

    /// <summary>Derives the text of one price file.</summary>
    /// <param name="present">The present file.</param>
    /// <param name="import">Where its provider stands in the collections.</param>
    /// <param name="sources">The collections.</param>
    /// <param name="known">What is known of its names as an older edition; null derives them anew.</param>
    /// <param name="models">What became of its models.</param>
    internal static string DeriveText(
        JsonElement present,
        ProviderMapping import,
        IReadOnlyList<ISource> sources,
        IReadOnlyDictionary<string, DerivedName>? known,
        out DerivedModels models
    )
    {
        var old = FlatModel.ReadAll(present);
        var kept = old.Where(model => model.IsKeptByHand).ToArray();
        var keptNames = kept.SelectMany(model => model.Names).ToHashSet(StringComparer.Ordinal);
        var derived = ProviderDerivation.ModelsOf(import, sources, [.. old.Where(model => !model.IsKeptByHand)], known);
        var all = derived
            .Select(model => Without(model, keptNames))
            .OfType<ModelEntry>()
            .Concat(kept.Select(model => new ModelEntry { Model = model.Model, KeptText = model.Text }))
            .OrderBy(model => model.Model, StringComparer.Ordinal)
            .ToArray();
        models = new DerivedModels(all.Length, [.. derived.Where(model => model.Names.Any(keptNames.Contains))]);
        return PriceFileWriter.Write(present, all);
    }

    /// <summary>What became of the models of a file.</summary>
    /// <param name="Count">How many there are.</param>
    /// <param name="KeptByHand">What would have been derived for those that are kept by hand.</param>
    internal sealed record DerivedModels(int Count, IReadOnlyList<ModelEntry> KeptByHand);

    // What is kept by hand keeps its names; the rest of a derived model keeps the others.
    private static ModelEntry? Without(ModelEntry model, HashSet<string> taken)
    {
        if (!model.Names.Any(taken.Contains))
            return model;
        var left = model.Names.Where(name => !taken.Contains(name)).ToArray();
        return left.Length == 0
            ? null
            : model with
            {
                Model = left[0],
                Aliases = left[1..],
                DatedNames = [.. model.DatedNames.Except(taken)],
            };
    }

    private static string DescribeKept(ModelEntry model)
    {
        var rates = model
            .Rows[^1]
            .Standard.Rates.Select(rate => FormattableString.Invariant($"{RateDimensions.Of(rate.Key).Name} {rate.Value}"));
        return $"{model.Model}: the sources say {string.Join(", ", rates)}";
    }

    internal static IReadOnlyList<FlatModel> Flat(string text)
    {
        using var document = JsonDocument.Parse(text);
        return FlatModel.ReadAll(document.RootElement);
    }

    private static void Check(string path, string text)
    {
        var file = new PriceFile(Path.GetFileName(path), Encoding.UTF8.GetBytes(text));
        if (!PriceBook.TryParse([file], out _, out var problems))
            throw new InvalidDataException($"What was derived for {file.Name} is not valid: {string.Join(" ", problems)}");
    }
}
