namespace AgentBudget.Orleans.Between;

/// <summary>The other ledgers, as one reaches them.</summary>
internal interface IPeers
{
    /// <summary>Says something to another ledger.</summary>
    /// <returns>What it says to that, when it is durable there; null for nothing.</returns>
    /// <exception cref="BudgetUnavailableException">Nothing is known of whether it was heard.</exception>
    Task<LedgerMessage?> SayAsync(string ledgerId, LedgerMessage message);
}
