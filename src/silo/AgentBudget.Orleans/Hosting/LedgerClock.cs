namespace AgentBudget;

/// <summary>
/// The clock of the ledger. By default the container's <see cref="TimeProvider"/>; a backtest gives the ledger a clock of its own
/// while the silo keeps the real one.
/// </summary>
/// <param name="Time">The clock.</param>
public sealed record LedgerClock(TimeProvider Time);
