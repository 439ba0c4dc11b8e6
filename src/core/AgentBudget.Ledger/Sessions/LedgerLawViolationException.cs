namespace AgentBudget;

/// <summary>A law of the ledger does not hold: a defect, or a store that was changed behind the ledger's back. Nothing may be
/// written.</summary>
public sealed class LedgerLawViolationException(string message, Exception? innerException = null)
    : InvalidOperationException(message, innerException);
