namespace AgentBudget.Pricing;

/// <summary>The layers of prices at run time: what stands here, over the user's files, over the embedded table.</summary>
public sealed class LivePricesOptions
{
    /// <summary>
    /// The user's price file, or a folder of them; a file <c>tools.json</c> in the folder holds prices of tools. Default: none. What
    /// changes on disk is taken up without a restart.
    /// </summary>
    public string? Path { get; set; }

    /// <summary>How often the files are looked at. Default 5 seconds; 100 milliseconds to 1 day.</summary>
    public TimeSpan LookEvery { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Price files given in code, above those on disk. Default: none.</summary>
    public IReadOnlyList<PriceFile> Overrides { get; set; } = [];

    /// <summary>The user's own names for known models, such as Azure deployments. Default: none; up to 6, the layers that are left.</summary>
    public IReadOnlyList<ModelName> Names { get; set; } = [];

    /// <summary>Prices of tools given in code, above those on disk. Default: none.</summary>
    public ToolCosts Tools { get; set; } = ToolCosts.None;

    /// <summary>Called when files were taken up, with the new book, and when they were refused, with what is wrong. Default: nothing.</summary>
    public Action<PriceReload>? OnReload { get; set; }

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public void Validate()
    {
        if (LookEvery < TimeSpan.FromMilliseconds(100) || LookEvery > TimeSpan.FromDays(1))
            throw new ArgumentException("LookEvery must be from 100 milliseconds to 1 day.");
        ArgumentNullException.ThrowIfNull(Overrides);
        ArgumentNullException.ThrowIfNull(Names);
        ArgumentNullException.ThrowIfNull(Tools);
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
