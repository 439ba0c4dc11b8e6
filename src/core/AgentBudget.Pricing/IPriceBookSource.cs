namespace AgentBudget;

/// <summary>
/// Where prices come from. A book that never changes is its own source; <see cref="LivePrices"/> follows files. Whoever prices a
/// reservation takes the current book once and settles with the same one.
/// </summary>
public interface IPriceBookSource
{
    /// <summary>The book in force now: an immutable snapshot.</summary>
    PriceBook Current { get; }
}
