using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using AgentBudget.Pricing.Arithmetic;
using AgentBudget.Pricing.Files;
using AgentBudget.Pricing.Names;
using AgentBudget.Pricing.Tables;
using AgentBudget.Pricing.Unknown;

namespace AgentBudget;

/// <summary>
/// From a provider, a model name, a time and a usage to an exact cost, or to "unknown". An immutable snapshot: whoever prices a
/// reservation keeps the book that priced it and settles with the same one. Safe for use by many threads.
/// </summary>
/// <remarks>Time is always the time of the call, passed in; the book has no clock.</remarks>
public sealed class PriceBook : IPriceBookSource
{
    /// <summary>The longest model or provider name, after trimming, that can be in a table: 200 characters. A longer one is
    /// unknown.</summary>
    public const int MaxModelNameLength = 200;

    /// <summary>The most layers that a book can have: 8.</summary>
    public const int MaxLayers = 8;

    private const int ShortNameLength = 64;

    private static readonly Lazy<DateOnly> LazyEmbeddedDay = new(EmbeddedPriceFiles.NewestDay);

    private static readonly Lazy<PriceBook> LazyEmbedded = new(LoadEmbedded);

    private readonly PriceTable[] layersFromTheTop;
    private readonly ModelResolver resolver;
    private readonly Lazy<SimilarNames> similarNames;
    private readonly TableAge age;

    private PriceBook(PriceTable[] layersFromTheTop, string version)
    {
        this.layersFromTheTop = layersFromTheTop;
        resolver = new ModelResolver(layersFromTheTop);
        similarNames = new(() => new SimilarNames(layersFromTheTop.SelectMany(layer => layer.Models)));
        Version = version;
        NewestDay = layersFromTheTop.Max(layer => layer.NewestRow);
        age = new TableAge(layersFromTheTop);
        Rows = [.. layersFromTheTop.SelectMany(layer => layer.Models).SelectMany(model => model.Rows)];
    }

    /// <summary>The table inside this assembly, loaded at first use.</summary>
    public static PriceBook Embedded => LazyEmbedded.Value;

    /// <summary>Loads the embedded table once more. For measuring it; <see cref="Embedded"/> is what to use.</summary>
    public static PriceBook LoadEmbedded() => Parse(EmbeddedPriceFiles.ReadAll());

    /// <summary>
    /// The content of the book in short: the day of its newest row and a hash. Equal versions mean equal prices. To be recorded with
    /// every entry.
    /// </summary>
    public string Version { get; }

    /// <summary>The day of the newest source of any row, with which <see cref="Version"/> begins.</summary>
    public DateOnly NewestDay { get; }

    /// <summary>The <see cref="NewestDay"/> of the embedded table, found without loading it.</summary>
    public static DateOnly EmbeddedDay => LazyEmbeddedDay.Value;

    /// <summary>How old the newest source may be before prices count as stale, unless it is set otherwise: 45 days.</summary>
    public static TimeSpan DefaultStaleAfter { get; } = TimeSpan.FromDays(45);

    /// <summary>Whether the newest source, as of <see cref="NewestDayAt"/>, is older than it may be, so that prices have probably changed
    /// since.</summary>
    /// <param name="now">The time now, and not that of a call.</param>
    /// <param name="staleAfter">How old it may be; null for <see cref="DefaultStaleAfter"/>.</param>
    public bool IsStale(DateTimeOffset now, TimeSpan? staleAfter = null) =>
        AgeOf(NewestDayAt(now), now) > (staleAfter ?? DefaultStaleAfter);

    /// <summary>
    /// The day of the newest source of the prices that somebody looks after: those of the lowest layer, which is the embedded table, and
    /// above it those that <c>agentbudget pricing update</c> wrote. A row of the user's own says nothing of all the others, and one dated
    /// ahead makes no table young.
    /// </summary>
    /// <param name="now">The time now, and not that of a call.</param>
    /// <returns>The day; the newest of all where none has come.</returns>
    public DateOnly NewestDayAt(DateTimeOffset now) => age.NewestDayAt(now);

    /// <summary>The time since a day began, in UTC.</summary>
    internal static TimeSpan AgeOf(DateOnly day, DateTimeOffset now) => now - new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero);

    /// <summary>All rows, the upper layers' first.</summary>
    public IReadOnlyList<PriceRow> Rows { get; }

    /// <summary>This book: it never changes.</summary>
    PriceBook IPriceBookSource.Current => this;

    /// <summary>Reads price files as one layer.</summary>
    /// <exception cref="PriceTableException">A file is not valid; nothing is kept of any.</exception>
    public static PriceBook Parse(params IReadOnlyList<PriceFile> files) =>
        TryParse(files, out var book, out var problems) ? book : throw new PriceTableException(problems);

    /// <summary>Reads price files as <see cref="Parse"/> does, without throwing for what they hold.</summary>
    /// <param name="files">The files; their order does not matter, and one provider stands in one file.</param>
    /// <param name="book">The book, or null.</param>
    /// <param name="problems">What is wrong with the files, at most <see cref="PriceTableException.MaxProblems"/>; empty on
    /// success.</param>
    public static bool TryParse(IReadOnlyList<PriceFile> files, [NotNullWhen(true)] out PriceBook? book, out IReadOnlyList<string> problems)
    {
        ArgumentNullException.ThrowIfNull(files);
        book = PriceTableReader.TryRead(files, out var table, out problems) ? new PriceBook([table], table.Version) : null;
        return book is not null;
    }

    /// <summary>
    /// Puts another book on top of this one: where it knows a name at that time its row is used, and otherwise this book's. What it
    /// says about a provider adds to what this book says. Neither book changes.
    /// </summary>
    /// <exception cref="ArgumentException">The result would have more than <see cref="MaxLayers"/> layers.</exception>
    public PriceBook Layer(PriceBook upper)
    {
        ArgumentNullException.ThrowIfNull(upper);
        PriceTable[] layers = [.. upper.layersFromTheTop, .. layersFromTheTop];
        if (layers.Length > MaxLayers)
            throw new ArgumentException($"A price book has at most {MaxLayers} layers.", nameof(upper));
        var content = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', layers.Select(layer => layer.Version))));
        return new PriceBook(layers, PriceTableReader.VersionOf(layers.Max(layer => layer.NewestRow), content));
    }

    /// <summary>Finds the row that prices a model at a time. Takes bounded time and allocates nothing; never throws.</summary>
    /// <param name="provider">
    /// The provider's id or alias in any case; null or blank when it is not known. Without one, a provider written in front of the
    /// model name counts; then the name must belong to one provider only, or to exactly one that makes its own models.
    /// </param>
    /// <param name="model">
    /// The model as the provider or a router names it: an id or alias of the table, in any case, with blanks around it; also with a
    /// known provider in front, with a snapshot date behind where the table allows one, or as a Bedrock id. Anything else is unknown.
    /// </param>
    /// <param name="at">The time of the call.</param>
    /// <param name="row">The row, or null.</param>
    public bool TryResolve(string? provider, string? model, DateTimeOffset at, [NotNullWhen(true)] out PriceRow? row)
    {
        if (NormalizedName.IsNormal(model, out var name))
        {
            if (provider is null)
                return (row = resolver.FindAnywhere(name, at)) is not null;
            if (NormalizedName.IsNormal(provider, out var seller))
                return (row = resolver.FindAt(seller, name, at)) is not null;
        }

        return TryResolveRaw(provider, model, at, out row);
    }

    // Apart from the usual path, because the buffers cost it more than all its look-ups.
    private bool TryResolveRaw(string? provider, string? model, DateTimeOffset at, [NotNullWhen(true)] out PriceRow? row)
    {
        // A buffer is cleared before it is used, and nearly all names are short.
        if (model is { Length: <= ShortNameLength } && (provider?.Length ?? 0) <= ShortNameLength)
        {
            Span<char> shortBuffers = stackalloc char[2 * ShortNameLength];
            return TryResolveIn(shortBuffers[..ShortNameLength], shortBuffers[ShortNameLength..], provider, model, at, out row);
        }

        Span<char> buffers = stackalloc char[2 * MaxModelNameLength];
        return TryResolveIn(buffers[..MaxModelNameLength], buffers[MaxModelNameLength..], provider, model, at, out row);
    }

    private bool TryResolveIn(
        Span<char> modelBuffer,
        Span<char> providerBuffer,
        string? provider,
        string? model,
        DateTimeOffset at,
        [NotNullWhen(true)] out PriceRow? row
    )
    {
        row = null;
        if (!NormalizedName.TryWrite(model, modelBuffer, out var modelLength))
            return false;
        var name = modelBuffer[..modelLength];
        if (string.IsNullOrWhiteSpace(provider))
            row = resolver.FindAnywhere(name, at);
        else if (NormalizedName.TryWrite(provider, providerBuffer, out var length))
            row = resolver.FindAt(providerBuffer[..length], name, at);
        return row is not null;
    }

    /// <summary>Prices a call: <see cref="TryResolve"/>, then <see cref="Price(PriceRow, in TokenUsage, in CallTerms)"/>.</summary>
    /// <param name="provider">As in <see cref="TryResolve"/>.</param>
    /// <param name="model">As in <see cref="TryResolve"/>.</param>
    /// <param name="at">The time of the call, also when it is replayed later.</param>
    /// <param name="usage">What the call used, inclusive.</param>
    /// <param name="terms">Service tier and region; the default is a standard call.</param>
    /// <returns>The cost, or the problem; an unknown model comes with similar names.</returns>
    public PricedCall Price(string? provider, string? model, DateTimeOffset at, in TokenUsage usage, in CallTerms terms = default) =>
        TryResolve(provider, model, at, out var row) ? Price(row, usage, terms) : UnknownCall.Of(this, provider, model);

    /// <summary>
    /// Prices a usage with a row of this book. Never throws for what the usage holds. What is billed with every request is in it only as
    /// far as the usage counts it; see <see cref="PriceRow.AsBilled"/>.
    /// </summary>
    /// <param name="row">The row, so that a reservation and its settlement use the same one.</param>
    /// <param name="usage">What the call used, inclusive.</param>
    /// <param name="terms">Service tier and region.</param>
    public PricedCall Price(PriceRow row, in TokenUsage usage, in CallTerms terms = default)
    {
        ArgumentNullException.ThrowIfNull(row);
        return CallPricer.Price(row, usage, terms, Version);
    }

    /// <summary>
    /// What whoever enforces a budget records for a call that was made: <see cref="PriceRow.AsBilled"/>, and the dearest tier that the
    /// provider can have chosen where the terms leave it <c>auto</c> (<see cref="PriceWarnings.ServiceTierNotSaid"/>).
    /// </summary>
    /// <param name="row">The row.</param>
    /// <param name="usage">What the call used, inclusive.</param>
    /// <param name="terms">The terms served, and those asked for where the response does not say.</param>
    public PricedCall PriceAsBilled(PriceRow row, in TokenUsage usage, in CallTerms terms)
    {
        ArgumentNullException.ThrowIfNull(row);
        return PossibleTerms.Price(row, row.AsBilled(usage), terms, Version);
    }

    /// <summary>
    /// The dearest outcome of a call with text and images that has not been made: every output token used, at the dearest of plain,
    /// reasoning and images, and the input at the dearest of plain, images, written to a cache, and written for an hour.
    /// </summary>
    /// <param name="row">The row of the model.</param>
    /// <param name="inputTokens">The most prompt tokens that the call can have; zero or more. They select the context tier.</param>
    /// <param name="maxOutputTokens">The cap that the call carries; null takes <see cref="PriceRow.MaxOutputTokens"/>.</param>
    /// <param name="terms">
    /// What is asked for. The worst case is the dearest of what that can turn out to be: a special tier can be served as standard, and
    /// <c>auto</c> as every tier that the row prices, batch and fast mode apart.
    /// </param>
    /// <param name="beside">
    /// What the call can use at most beside its tokens: searches, characters, seconds, pictures, containers. Of its tokens those that may
    /// be audio; other counts of tokens are not looked at. Default: only the searches that are billed with every request.
    /// </param>
    public WorstCase WorstCase(
        PriceRow row,
        long inputTokens,
        long? maxOutputTokens = null,
        in CallTerms terms = default,
        in TokenUsage beside = default
    )
    {
        ArgumentNullException.ThrowIfNull(row);
        return PossibleTerms.Dearest(new CallLimits(inputTokens, maxOutputTokens, beside), row, terms, Version);
    }

    /// <summary>
    /// Relations that are possible and mostly a mistake, each with its row: a cache read dearer than input, a tier cheaper than the
    /// standard, a price that moves more than fivefold. For whoever reviews a table.
    /// </summary>
    public IEnumerable<string> FindOddities() => TableOddities.In(Rows);

    /// <summary>
    /// Puts a name of the user's own on top, such as that of an Azure deployment: it costs what a known model costs, at every time.
    /// </summary>
    /// <param name="provider">The provider at which the name is used.</param>
    /// <param name="name">The name; it may hide a name of the table.</param>
    /// <param name="model">The known model, at the same provider.</param>
    /// <exception cref="ArgumentException">The model is unknown at that provider, the name is not one, or there would be too many
    /// layers.</exception>
    public PriceBook WithName(string provider, string name, string model) => WithNames([new ModelName(provider, name, model)]);

    /// <summary>Puts names of the user's own on top, as <see cref="WithName"/> does with one, all of them as one layer.</summary>
    /// <param name="names">The names; none gives this book again.</param>
    /// <exception cref="ArgumentException">As for <see cref="WithName"/>, or a name is there twice.</exception>
    public PriceBook WithNames(IReadOnlyList<ModelName> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        if (names.Count == 0)
            return this;
        var layer = NamedLayer.Of(resolver, layersFromTheTop, names);
        return Layer(new PriceBook([layer], layer.Version));
    }

    /// <summary>What becomes of a provider's stream when its reader goes away; null where the table does not say.</summary>
    /// <param name="provider">The provider's id or alias, in any case; null or blank is nobody.</param>
    public StreamCut? FindStreamCut(string? provider)
    {
        Span<char> buffer = stackalloc char[MaxModelNameLength];
        return NormalizedName.TryWrite(provider, buffer, out var length) ? resolver.FindProvider(buffer[..length])?.StreamCut : null;
    }

    /// <summary>The id of a provider, by its id or an alias.</summary>
    internal bool TryFindProvider(string? name, [NotNullWhen(true)] out string? id)
    {
        Span<char> buffer = stackalloc char[MaxModelNameLength];
        id = NormalizedName.TryWrite(name, buffer, out var length) ? resolver.FindProvider(buffer[..length])?.Id : null;
        return id is not null;
    }

    internal IReadOnlyList<string> SimilarTo(string? model)
    {
        Span<char> buffer = stackalloc char[MaxModelNameLength];
        return NormalizedName.TryWrite(model, buffer, out var length) ? similarNames.Value.To(buffer[..length]) : [];
    }
}
