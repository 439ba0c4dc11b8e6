namespace AgentBudget.Client.Sessions;

/// <summary>An operation was given up by its caller between two attempts: it may have been carried out.</summary>
internal sealed class GivenUpException(CancellationToken cancellationToken)
    : OperationCanceledException("The operation was given up; whether it was carried out is unknown.", cancellationToken);
