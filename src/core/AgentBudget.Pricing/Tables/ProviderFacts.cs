using AgentBudget.Pricing.Names;

namespace AgentBudget.Pricing.Tables;

/// <summary>What price files say about a provider itself. Null where they say nothing, so that a lower layer's word stands.</summary>
internal sealed record ProviderFacts
{
    public required string Id { get; init; }

    /// <summary>Other names that callers and routers use for the provider.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Prefixes of the provider's own model names that change nothing, such as <c>models/</c>.</summary>
    public IReadOnlyList<string> NamePrefixes { get; init; } = [];

    /// <summary>Whether the provider sells models of its own making; such a row goes first when no provider is given.</summary>
    public bool? FirstParty { get; init; }

    /// <summary>Whether <c>vendor/model</c> without a row of its own costs here what the vendor asks.</summary>
    public bool? SellsAtListPrice { get; init; }

    /// <summary>Providers asked next, in order, for a model that has no row here: the other shops of the same house.</summary>
    public IReadOnlyList<string> FallsBackTo { get; init; } = [];

    /// <summary>What becomes of a stream when its reader goes away; null where nobody says.</summary>
    public StreamCut? StreamCut { get; init; }

    /// <summary>The names that the provider sells under, by layer from the top. Set when a book is put together.</summary>
    public NameIndex[] Shelves { get; init; } = [];

    /// <summary>Fills what this layer leaves open with what a lower one says.</summary>
    public ProviderFacts Over(ProviderFacts lower) =>
        this with
        {
            Aliases = [.. Aliases.Union(lower.Aliases)],
            NamePrefixes = [.. NamePrefixes.Union(lower.NamePrefixes)],
            FirstParty = FirstParty ?? lower.FirstParty,
            SellsAtListPrice = SellsAtListPrice ?? lower.SellsAtListPrice,
            FallsBackTo = [.. FallsBackTo.Union(lower.FallsBackTo)],
            StreamCut = StreamCut ?? lower.StreamCut,
        };
}
