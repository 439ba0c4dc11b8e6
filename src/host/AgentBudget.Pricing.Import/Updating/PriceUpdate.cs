using System.Text;
using AgentBudget.Pricing.Import.Comparing;
using AgentBudget.Pricing.Import.Sources;

namespace AgentBudget.Pricing.Import.Updating;

/// <summary>
/// Brings a folder of price files up to date with the published collections. All collections are fetched and checked whole before
/// anything is shown, and all files are valid before any is written: a collection that is away, cut short or wrong changes nothing.
/// </summary>
public sealed class PriceUpdate
{
    private readonly string folder;

    private PriceUpdate(string folder, IReadOnlyList<ProviderChange> providers, string version) =>
        (this.folder, Providers, Version) = (folder, providers, version);

    /// <summary>What would be written, a price file each.</summary>
    public IReadOnlyList<ProviderChange> Providers { get; }

    /// <summary>The version of the prices that would be in force, over the embedded table.</summary>
    public string Version { get; }

    /// <summary>What the collections state of prices and the table has no place for, a sentence for each collection. It stops
    /// nothing.</summary>
    public IReadOnlyList<string> NotTaken { get; private init; } = [];

    /// <summary>Whether a price or a name would change; otherwise only the days on which they were read.</summary>
    public bool HasChanges => Providers.Any(provider => provider.Changes.Count > 0);

    /// <summary>Changes that need somebody's word: rates that move more than fivefold. While there are any, nothing is written.</summary>
    public IEnumerable<RefusedChange> Refused => Providers.SelectMany(provider => provider.Refused);

    /// <summary>Fetches the collections and derives what would be written.</summary>
    /// <param name="folder">The folder with the price files; it need not be there yet.</param>
    /// <param name="collections">Where the collections are.</param>
    /// <param name="allowed">Names of models that may move more than fivefold.</param>
    /// <param name="time">The clock: prices are of its day.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="PriceUpdateException">A collection or a price file is not as it should be.</exception>
    public static async Task<PriceUpdate> FetchAsync(
        string folder,
        PriceCollections collections,
        IReadOnlyCollection<string> allowed,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(collections);
        ArgumentNullException.ThrowIfNull(time);
        return await FetchAsync(folder, PresentFiles.Read(folder), collections, allowed, time, cancellationToken);
    }

    internal static async Task<PriceUpdate> FetchAsync(
        string folder,
        IReadOnlyList<PriceFile> present,
        PriceCollections collections,
        IReadOnlyCollection<string> allowed,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        collections.Validate();
        return Derive(folder, present, await SourcesAsync(collections, time, cancellationToken), allowed, DayOf(time));
    }

    /// <summary>Writes the files: each beside its place first, and then all into their places.</summary>
    /// <returns>How many were written.</returns>
    /// <exception cref="PriceUpdateException">Something was refused, or another update is writing.</exception>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public int Write()
    {
        if (Refused.FirstOrDefault() is { } refused)
            throw new PriceUpdateException($"Refused: {refused.Reason}. Nothing was changed.");
        return FolderWriting.Write(folder, [.. Providers.Where(provider => !IsThere(provider))]);
    }

    private static async Task<IReadOnlyList<FetchedSource>> SourcesAsync(
        PriceCollections collections,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        using var http = CollectionFetch.NewClient();
        var fetch = new CollectionFetch(http, collections, time);
        var sources = new List<FetchedSource>();
        foreach (var (name, address) in collections.Addresses.OrderBy(entry => entry.Key, StringComparer.Ordinal))
            sources.Add(new FetchedSource(name, address, await fetch.JsonAsync(name, cancellationToken), DayOf(time)));
        return sources;
    }

    internal static PriceUpdate Derive(
        string folder,
        IReadOnlyList<PriceFile> present,
        IReadOnlyList<FetchedSource> sources,
        IReadOnlyCollection<string> allowed,
        DateOnly day
    )
    {
        var importable = present.Select(ImportableFile.Read).OfType<ImportableFile>().ToArray();
        foreach (var source in sources)
            source.EnsureItKnows(importable);
        try
        {
            ProviderChange[] changes = [.. importable.Select(file => Derive(folder, file, sources, allowed, day))];
            return new PriceUpdate(folder, changes, VersionOf(present, changes))
            {
                NotTaken = [.. sources.Select(source => source.DescribeNotTaken()).OfType<string>()],
            };
        }
        catch (InvalidDataException exception)
        {
            throw new PriceUpdateException($"{exception.Message} Nothing was changed.", exception);
        }
    }

    private static ProviderChange Derive(
        string folder,
        ImportableFile file,
        IReadOnlyList<ISource> sources,
        IReadOnlyCollection<string> allowed,
        DateOnly day
    )
    {
        var text = PriceImport.DeriveText(file.Root, file.Import, sources, PresentRows.Of(file.Root, day.AddDays(-1)), out var models);
        var derived = PriceImport.Flat(text);
        var (_, refused) = TableComparison.Between(file.Models, derived);
        return new ProviderChange(
            file.Provider,
            Path.Combine(folder, file.Name),
            text,
            models.Count,
            new UpdateComparison(day).Between(InForce(folder, file), derived),
            [.. refused.Where(change => !allowed.Contains(change.Name))],
            []
        );
    }

    // What a later release of the program brings goes into what is derived, and is a change for whoever uses the folder.
    private static IReadOnlyList<FlatModel> InForce(string folder, ImportableFile file)
    {
        var path = Path.Combine(folder, file.Name);
        return File.Exists(path) ? PriceImport.Flat(File.ReadAllText(path)) : file.Models;
    }

    // The whole set has to be valid together: no name may belong to two models.
    private static string VersionOf(IReadOnlyList<PriceFile> present, IReadOnlyList<ProviderChange> changes)
    {
        var texts = changes.ToDictionary(change => Path.GetFileName(change.Path), change => change.Text, StringComparer.Ordinal);
        PriceFile[] files =
        [
            .. present.Select(file =>
                texts.TryGetValue(file.Name, out var text) ? new PriceFile(file.Name, Encoding.UTF8.GetBytes(text)) : file
            ),
        ];
        return PriceBook.TryParse(files, out var book, out var problems)
            ? PriceBook.Embedded.Layer(book).Version
            : throw new PriceUpdateException(
                $"What was derived is not valid: {string.Join(" ", problems)} {MendOf(present)}Nothing was changed."
            );
    }

    // Somebody's own prices of a provider beside the file that an update writes for it.
    private static string MendOf(IReadOnlyList<PriceFile> present)
    {
        var written = present.Select(ImportableFile.Read).OfType<ImportableFile>().ToDictionary(file => file.Provider, file => file.Name);
        var own = present
            .Where(file => ImportableFile.Read(file) is null)
            .Select(file => (file.Name, Provider: PresentFiles.Parse(file).RootElement.GetProperty("provider").GetString()!))
            .FirstOrDefault(file => written.ContainsKey(file.Provider));
        return own.Name is null
            ? ""
            : $"{own.Name} holds prices of {own.Provider}, too, which an update writes into {written[own.Provider]}: put its models there, "
                + "each with a kept_by_hand, or name that file by itself in another folder. ";
    }

    private static bool IsThere(ProviderChange provider) => File.Exists(provider.Path) && File.ReadAllText(provider.Path) == provider.Text;

    private static DateOnly DayOf(TimeProvider time) => DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
}
