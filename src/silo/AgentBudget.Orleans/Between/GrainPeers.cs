using AgentBudget.Orleans.Sessions;

namespace AgentBudget.Orleans.Between;

/// <summary>The other ledgers, as grains. Waits for none of them once the activation that speaks begins to end.</summary>
internal sealed class GrainPeers(IGrainFactory grains, ActivationEnd end) : IPeers
{
    public async Task<LedgerMessage?> SayAsync(string ledgerId, LedgerMessage message)
    {
        // Nothing is said for an activation that has ended.
        if (end.Begun.IsCompleted)
            throw new BudgetUnavailableException("The session moves to another activation.");
        try
        {
            return await end.UnlessBegunAsync(LedgerGrains.Of<ILedgerPeer>(grains, ledgerId).HearAsync(message));
        }
        catch (Exception exception) when (!Unreachable.Is(exception))
        {
            // Whatever it was, it is the other's trouble; its log says what.
            throw new BudgetUnavailableException($"Another session could not be asked ({exception.GetType().Name}).");
        }
    }
}
