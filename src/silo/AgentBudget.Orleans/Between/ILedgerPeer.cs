using Orleans.Metadata;

namespace AgentBudget.Orleans.Between;

/// <summary>How ledgers hear of each other. Only silos ask; there is nothing in it for callers.</summary>
[Alias("agentbudget.ledger-peer"), GrainInterfaceType("agentbudget.ledger-peer"), DefaultGrainType("agentbudget.session")]
internal interface ILedgerPeer : IGrainWithStringKey
{
    /// <summary>
    /// Hears a message, and answers when all that was decided by it is durable; null for no answer. Waits for no other ledger, but for
    /// holders that are to write a hold, and for what a tenant inherits of those above it.
    /// </summary>
    [Alias("hear"), ResponseTimeout("00:00:05")]
    Task<LedgerMessage?> HearAsync(LedgerMessage message);
}
