using AgentBudget.Orleans.Between;
using AgentBudget.Orleans.Sessions;

namespace AgentBudget.Orleans.Expiry;

/// <summary>What is done for a session whose due time has come: expiry, unfinished business with others, and its deletion in the
/// end.</summary>
internal sealed class SessionUpkeep(ISessionExecutor session, IUnfinishedBusiness between, TimeSpan retention)
{
    /// <summary>Does what is due. Safe to repeat.</summary>
    public async Task TendAsync()
    {
        var before = (await session.LedgerAsync()).Head.Sequence;
        if (before == 0)
            return;
        var now = await session.ExpireDueAsync();
        var ledger = await session.LedgerAsync();
        var isPurgeDue = ledger.Head.Link is not null && IsPastRetention(ledger.Head, now);
        if (DueTimes.HasUnfinished(ledger.Head) || isPurgeDue)
        {
            // The sweep goes by what is durable: an activation that is behind it would go on with what is finished.
            await session.EnsureCurrentAsync();
            await between.FinishAsync(isPurgeDue);
            now = await session.ExpireDueAsync();
            ledger = await session.LedgerAsync();
        }

        var head = ledger.Head;
        if (IsPastRetention(head, now) && ledger.IsSettledBetween)
        {
            await session.WhenDurableAsync();
            if ((await session.LedgerAsync()).Head.Sequence == head.Sequence)
                await session.PurgeAsync(head);
            return;
        }

        if (head.Sequence != before)
            return;
        var wanted = DueTimes.Wanted(ledger, retention);
        await session.RescheduleAsync(wanted > now ? wanted : Later(ledger, now));
    }

    // All is well between ledgers; what is due by the clock before that is not kept waiting.
    private static DateTimeOffset Later(SessionLedger ledger, DateTimeOffset now)
    {
        var later = now + DueTimes.ChildrenAreWell;
        return ledger.NextDue > now && ledger.NextDue < later ? ledger.NextDue : later;
    }

    private bool IsPastRetention(SessionHead head, DateTimeOffset now) => head.EndedAt is { } ended && ended + retention <= now;
}
