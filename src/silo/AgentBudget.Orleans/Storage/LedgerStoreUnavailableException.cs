namespace AgentBudget;

/// <summary>The ledger store cannot be used now. The message names the store and the mend.</summary>
public sealed class LedgerStoreUnavailableException : Exception
{
    /// <summary>Makes one.</summary>
    public LedgerStoreUnavailableException(string message, Exception? innerException = null)
        : base(message, innerException) { }
}
