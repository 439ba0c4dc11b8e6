using AgentBudget.Orleans.Family;
using AgentBudget.Orleans.Sessions;

namespace AgentBudget.Orleans.Expiry;

/// <summary>What is done for a session whose due time has come: expiry, unfinished business with others, and its deletion in the
/// end.</summary>
internal sealed class SessionUpkeep(ISessionExecutor session, IUnfinishedBusiness family, TimeSpan retention)
{
    /// <summary>Does what is due. Safe to repeat.</summary>
    public async Task TendAsync()
    {
        var before = (await session.LedgerAsync()).Head.Sequence;
        if (before == 0)
            return;
        await session.ExpireDueAsync();
        if (DueTimes.HasUnfinished((await session.LedgerAsync()).Head))
            await family.FinishAsync();
        var now = await session.ExpireDueAsync();
        var ledger = await session.LedgerAsync();
        var head = ledger.Head;
        if (head.EndedAt is { } ended && ended + retention <= now && !DueTimes.HasUnfinished(head))
        {
            await session.WhenDurableAsync();
            await session.PurgeAsync(head.Sequence);
            return;
        }

        if (head.Sequence != before)
            return;
        var wanted = DueTimes.Wanted(ledger, retention);
        await session.RescheduleAsync(wanted > now ? wanted : now + DueTimes.ChildrenAreWell);
    }
}
