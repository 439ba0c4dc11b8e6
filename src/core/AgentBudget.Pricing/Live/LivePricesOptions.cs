using AgentBudget.Pricing.Live;

namespace AgentBudget;

/// <summary>
/// The layers of prices at run time: what stands here, over the user's files, over the embedded table. <see cref="Path"/>,
/// <see cref="LookEvery"/>, <see cref="Models"/>, <see cref="Names"/> and <see cref="ToolPrices"/> can stand in configuration as well.
/// </summary>
public sealed class LivePricesOptions
{
    /// <summary>The most single prices, names, or prices of tools: 1,000 of each.</summary>
    public const int MaxEntries = 1_000;

    /// <summary>
    /// The user's price file, or a folder of them; a file <c>tools.json</c> in the folder holds prices of tools. Default: none. What
    /// changes on disk is taken up without a restart.
    /// </summary>
    public string? Path { get; set; }

    /// <summary>How often the files are looked at. Default 5 seconds; 100 milliseconds to 1 day.</summary>
    public TimeSpan LookEvery { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How old the newest source of the embedded table, or of what an update wrote into <see cref="Path"/>, may be before a warning at
    /// start says that prices are stale; rows of one's own do not count. Default 45 days; 1 day to 10 years, or
    /// <see cref="Timeout.InfiniteTimeSpan"/> for never.
    /// </summary>
    public TimeSpan StaleAfter { get; set; } = PriceBook.DefaultStaleAfter;

    /// <summary>
    /// How often <c>AgentBudget.Server</c> brings the folder <see cref="Path"/> up to date with the published collections, beginning at
    /// its start; nothing else does it by itself. Default zero: never; otherwise 1 hour to 30 days.
    /// </summary>
    public TimeSpan UpdateEvery { get; set; }

    /// <summary>Other addresses of the published collections by name, for <see cref="UpdateEvery"/>. Default: none.</summary>
    public IDictionary<string, string> UpdateFrom { get; set; } = new Dictionary<string, string>();

    /// <summary>Price files given in code, above those on disk. Default: none.</summary>
    public IReadOnlyList<PriceFile> Overrides { get; set; } = [];

    /// <summary>Prices of single models, above all files. Default: none; up to <see cref="MaxEntries"/>.</summary>
    public IReadOnlyList<ModelPrice> Models { get; set; } = [];

    /// <summary>The user's own names for known models, such as Azure deployments. Default: none; up to <see cref="MaxEntries"/>.</summary>
    public IReadOnlyList<ModelName> Names { get; set; } = [];

    /// <summary>
    /// Prices of tools by name, in US dollars per call, above those on disk: 0 for a free tool, at most nine decimals. Default: none;
    /// up to <see cref="MaxEntries"/>.
    /// </summary>
    public IDictionary<string, decimal> ToolPrices { get; set; } = new Dictionary<string, decimal>();

    /// <summary>Prices of tools given in code, estimators among them, above <see cref="ToolPrices"/>. Default: none.</summary>
    public ToolCosts Tools { get; set; } = ToolCosts.None;

    /// <summary>
    /// Called when files were taken up, with the new book, and when they were refused, with what is wrong. Default: nothing. If it throws,
    /// that is logged; while it runs prices go on without it, and of what happened meanwhile it hears the last.
    /// </summary>
    public Action<PriceReload>? OnReload { get; set; }

    /// <summary>Whether anything stands over the embedded table.</summary>
    public bool HasLayers =>
        Path is not null || Overrides.Count > 0 || Models.Count > 0 || Names.Count > 0 || ToolPrices.Count > 0 || Tools.Names.Count > 0;

    /// <summary>Checks every value, without reading the files.</summary>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public void Validate()
    {
        if (LookEvery < TimeSpan.FromMilliseconds(100) || LookEvery > TimeSpan.FromDays(1))
            throw new ArgumentException("LookEvery must be from 100 milliseconds to 1 day.");
        if (StaleAfter != Timeout.InfiniteTimeSpan && (StaleAfter < TimeSpan.FromDays(1) || StaleAfter > TimeSpan.FromDays(3650)))
            throw new ArgumentException("StaleAfter must be from 1 day to 3,650 days, or -00:00:00.0010000 for never.");
        if (UpdateEvery != TimeSpan.Zero && (UpdateEvery < TimeSpan.FromHours(1) || UpdateEvery > TimeSpan.FromDays(30)))
            throw new ArgumentException("UpdateEvery must be from 1 hour to 30 days, or zero for never.");
        if (UpdateEvery != TimeSpan.Zero && (Path is null || File.Exists(Path)))
            throw new ArgumentException("UpdateEvery needs a folder of price files in Path; it may be empty.");
        Given(UpdateFrom, nameof(UpdateFrom));
        if (Path is not null && string.IsNullOrWhiteSpace(Path))
            throw new ArgumentException("Path is blank; name a price file or a folder of them, or leave it out.");
        Given(Overrides, nameof(Overrides));
        Given(Models, nameof(Models));
        Given(Names, nameof(Names));
        Given(ToolPrices, nameof(ToolPrices));
        Given(Tools, nameof(Tools));
        if (Models.Count > MaxEntries || Names.Count > MaxEntries || ToolPrices.Count > MaxEntries)
            throw new ArgumentException($"Models, Names and ToolPrices have at most {MaxEntries} entries each.");
        EachGiven(Overrides, nameof(Overrides));
        EachGiven(Models, nameof(Models));
        EachGiven(Names, nameof(Names));
    }

    private static void Given(object? value, string name)
    {
        if (value is null)
            throw new ArgumentException($"{name} is null; leave it out for none.");
    }

    private static void EachGiven<T>(IReadOnlyList<T?> values, string name)
    {
        for (var i = 0; i < values.Count; i++)
            Given(values[i], FormattableString.Invariant($"{name}:{i}"));
    }

    /// <summary>Checks every value and reads the files once, for whoever checks options before a start.</summary>
    /// <exception cref="ArgumentException">The layers cannot be put in force; the message says why, in sentences for people.</exception>
    public void ValidateWithFiles()
    {
        Validate();
        if (!HasLayers)
            return;
        try
        {
            PriceLayers.Read(this);
        }
        catch (Exception exception) when (exception is PriceTableException or IOException or UnauthorizedAccessException)
        {
            throw new ArgumentException(exception.Message, exception);
        }
    }
}

/// <summary>A name of the user's for a known model.</summary>
/// <param name="Provider">The provider at which it is used.</param>
/// <param name="Name">The name.</param>
/// <param name="Model">The model that it stands for.</param>
public sealed record ModelName(string Provider, string Name, string Model);

/// <summary>What came of a look at the user's files.</summary>
/// <param name="Version">The version of the book in force after it.</param>
/// <param name="Problems">Why the files were not taken up and the old prices stay; empty when they were.</param>
public sealed record PriceReload(string Version, IReadOnlyList<string> Problems)
{
    /// <summary>Whether the files are in force.</summary>
    public bool IsTaken => Problems.Count == 0;
}
