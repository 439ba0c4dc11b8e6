namespace AgentBudget.Client.Calls;

/// <summary>An exception of ours that says that a call was not made, so that nothing of it can have been billed.</summary>
internal interface ICallNotMade;
