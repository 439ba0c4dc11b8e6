namespace AgentBudget;

/// <summary>
/// The ledger cannot answer now: its store is away or full, its queue is full, or the session moved. Whether the operation was recorded
/// is unknown. Send it again with the same idempotency key.
/// </summary>
[GenerateSerializer, Alias("agentbudget.unavailable")]
public sealed class BudgetUnavailableException : AgentBudgetException
{
    /// <summary>Makes one.</summary>
    public BudgetUnavailableException()
        : this("The budget ledger is not available now; send the operation again with the same idempotency key.") { }

    /// <summary>Makes one that says what is the matter.</summary>
    public BudgetUnavailableException(string message)
        : base(message) { }

    /// <summary>Makes one that says what is the matter, with the cause.</summary>
    public BudgetUnavailableException(string message, Exception? innerException)
        : base(message, innerException) { }
}
