namespace AgentBudget.Http.Tests.Gates;

/// <summary>Tests that run while no other does.</summary>
[CollectionDefinition(nameof(AloneInTheProcess), DisableParallelization = true)]
public sealed class AloneInTheProcess;
