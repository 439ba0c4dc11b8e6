namespace AgentBudget.Orleans.Between;

/// <summary>What a ledger and others may still owe each other after a crash; the upkeep goes on with it.</summary>
internal interface IUnfinishedBusiness
{
    /// <summary>Says all that is to be said, to the parent and to every holder. Safe to repeat.</summary>
    /// <param name="isPurgeDue">Whether the ledger is about to be purged, so that its parent has to answer from its store.</param>
    Task FinishAsync(bool isPurgeDue = false);
}
