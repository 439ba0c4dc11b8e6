namespace AgentBudget.Pricing.Import.Sources;

/// <summary>A published collection of prices, read from its files.</summary>
internal interface ISource
{
    /// <summary>The day of the collection's version.</summary>
    DateOnly Day { get; }

    /// <summary>What the collection states of prices and the table has no place for, by its own names: it is left out.</summary>
    IReadOnlyCollection<string> NotTaken => [];

    /// <summary>The names that the collection lists for a provider, in lower case.</summary>
    IEnumerable<string> NamesAt(ProviderMapping provider);

    /// <summary>What the collection says about a name at a provider, or null.</summary>
    Statement? Find(ProviderMapping provider, string name);
}
