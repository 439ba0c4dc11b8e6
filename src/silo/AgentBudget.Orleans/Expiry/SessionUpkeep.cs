using AgentBudget.Ledger.Between;
using AgentBudget.Orleans.Between;
using AgentBudget.Orleans.Sessions;

namespace AgentBudget.Orleans.Expiry;

/// <summary>What is done for a session whose due time has come: expiry, unfinished business with others, and its deletion in the
/// end.</summary>
internal sealed class SessionUpkeep(ISessionExecutor session, IUnfinishedBusiness between, DueSpans spans)
{
    /// <summary>After which time a session is looked at again that is past its retention, and whose events a consumer has not
    /// taken.</summary>
    private static readonly TimeSpan UntilEventsAreTaken = TimeSpan.FromMinutes(10);

    /// <summary>Does what is due. Safe to repeat.</summary>
    public async Task TendAsync()
    {
        var before = (await session.LedgerAsync()).Head.Sequence;
        if (before == 0)
            return;
        var now = await session.ExpireDueAsync();
        var ledger = await session.LedgerAsync();
        var isPurgeDue = ledger.Head.Link is not null && DueRules.IsPastRetention(ledger.Head, spans, now);
        if (DueRules.IsUnfinished(ledger.Head) || isPurgeDue)
        {
            // The sweep goes by what is durable: an activation that is behind it would go on with what is finished.
            await session.EnsureCurrentAsync();
            await between.FinishAsync(isPurgeDue);
            now = await session.ExpireDueAsync();
            ledger = await session.LedgerAsync();
        }

        var head = ledger.Head;
        // What was written may have kept the due time that this has met; a purge that is due waits for the next sweep, for what the parent
        // said is old by the time that a write is done.
        if (head.Sequence != before)
        {
            if (!DueRules.IsPastRetention(head, spans, now))
                await session.RescheduleAsync(DueRules.AfterTending(ledger, spans, now));
            return;
        }

        if (!DueRules.IsPastRetention(head, spans, now) || !ledger.IsSettledBetween)
        {
            await session.RescheduleAsync(DueRules.AfterTending(ledger, spans, now));
            return;
        }

        if (!await session.MayPurgeAsync(head, now))
        {
            await session.RescheduleAsync(now + UntilEventsAreTaken);
            return;
        }

        await session.WhenDurableAsync();
        if ((await session.LedgerAsync()).Head.Sequence == head.Sequence)
            await session.PurgeAsync(head);
    }
}
