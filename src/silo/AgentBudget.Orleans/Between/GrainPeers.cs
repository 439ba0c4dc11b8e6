using AgentBudget.Orleans.Sessions;

namespace AgentBudget.Orleans.Between;

/// <summary>The other ledgers, as grains. Waits for none of them once the activation that speaks begins to end.</summary>
internal sealed class GrainPeers(IGrainFactory grains, ActivationEnd end) : IPeers
{
    public Task<LedgerMessage?> SayAsync(string ledgerId, LedgerMessage message) =>
        end.UnlessBegunAsync(grains.GetGrain<ILedgerPeer>(ledgerId).HearAsync(message));
}
