namespace AgentBudget.Orleans.Writing;

/// <summary>How the silo's writer is doing. For health checks and metrics.</summary>
public interface ILedgerWriterStatus
{
    /// <summary>Sessions with entries that wait to be written, or zero for a store that is written at once.</summary>
    int WaitingSessions { get; }

    /// <summary>
    /// For how long the oldest of the batches that are being written has been on its way; zero while the writer is idle. What waits behind
    /// them becomes durable about as long again later.
    /// </summary>
    TimeSpan Lag { get; }
}
