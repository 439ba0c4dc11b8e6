namespace AgentBudget.Ledger.Between;

/// <summary>What one call lacks.</summary>
/// <param name="Least">The least of the parent's money that it needs.</param>
/// <param name="All">What it would like.</param>
/// <param name="Wish">The same with what its holder would like to have in hand; zero for nothing more.</param>
/// <param name="Amount">The whole call, with what its own ledger pays.</param>
/// <param name="Since">Since when it waits.</param>
/// <param name="Key">The key of a call that waits in line; null for one that does not.</param>
internal readonly record struct Need(Money Least, Money All, Money Amount, DateTimeOffset Since, string? Key = null, Money Wish = default);
