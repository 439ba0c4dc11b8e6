namespace AgentBudget.Orleans.Family;

/// <summary>What a session and others may still owe each other after a crash; the upkeep goes on with it.</summary>
internal interface IUnfinishedBusiness
{
    /// <summary>Goes on with what is unfinished, as parent and as child. Safe to repeat.</summary>
    Task FinishAsync();
}
