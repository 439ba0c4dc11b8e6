namespace AgentBudget.Ledger.Between;

/// <summary>How long a ledger is left alone before it is tended.</summary>
/// <param name="UnderWay">After its last entry, while an operation between ledgers is under way.</param>
/// <param name="HoldersAreWell">After its last entry, or after it was tended, while money is out with holders who are well.</param>
/// <param name="Retention">After its end, until it is purged.</param>
internal readonly record struct DueSpans(TimeSpan UnderWay, TimeSpan HoldersAreWell, TimeSpan Retention)
{
    /// <summary>Those of every silo, with its retention.</summary>
    public static DueSpans With(TimeSpan retention) => new(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), retention);
}

/// <summary>
/// When a ledger is to be tended: as the due-at index of the store holds it. The sweep tends what is due and nothing else, so what is
/// forgotten here is money that no crash gives back.
/// </summary>
internal static class DueRules
{
    /// <summary>The due time that follows from the ledger alone, in its own time.</summary>
    public static DateTimeOffset Next(SessionLedger ledger, DueSpans spans) =>
        Next(ledger.Head, ledger.NextDue, ledger.HasHoldersToTell, spans);

    /// <summary>The same, of its parts.</summary>
    /// <param name="head">The head.</param>
    /// <param name="byTheClock">When something expires at the earliest.</param>
    /// <param name="hasHoldersToTell">Whether a holder has to be told something.</param>
    /// <param name="spans">How long it is left alone.</param>
    public static DateTimeOffset Next(SessionHead head, DateTimeOffset byTheClock, bool hasHoldersToTell, DueSpans spans)
    {
        if (!IsUnfinished(head))
            return head.EndedAt is { } ended ? ended + spans.Retention : byTheClock;
        // Money that is out with holders who are well is nothing to hurry for: a busy parent would wake its whole family every minute.
        var isUnderWay = head.OpenHolders == 0 || head.Intents.Count > 0 || hasHoldersToTell;
        return Earlier(head.LastEntryAt + (isUnderWay ? spans.UnderWay : spans.HoldersAreWell), byTheClock);
    }

    /// <summary>The due time of a ledger that was tended without an entry, so that what was due by itself is due no more.</summary>
    public static DateTimeOffset AfterTending(SessionLedger ledger, DueSpans spans, DateTimeOffset now) =>
        AfterTending(Next(ledger, spans), ledger.NextDue, spans, now);

    /// <summary>The same, of its parts.</summary>
    public static DateTimeOffset AfterTending(DateTimeOffset next, DateTimeOffset byTheClock, DueSpans spans, DateTimeOffset now)
    {
        if (next > now)
            return next;
        var later = now + spans.HoldersAreWell;
        // What is due by the clock before that is not kept waiting.
        return byTheClock > now ? Earlier(byTheClock, later) : later;
    }

    /// <summary>The due time to store with an entry: the stored one while it is early enough, so that it rarely changes, and a ledger that
    /// is written all the time is tended all the same.</summary>
    /// <param name="stored">The stored one.</param>
    /// <param name="next">What follows from the ledger.</param>
    /// <param name="now">The clock by which it is swept.</param>
    /// <param name="isOwed">Whether something is unfinished and the ledger has not been tended since the stored one: then that stays even
    /// when it is overdue, or the next write would put it off before the sweep comes by.</param>
    public static DateTimeOffset ToStore(DateTimeOffset stored, DateTimeOffset next, DateTimeOffset now, bool isOwed) =>
        stored <= next && (isOwed || stored > now) ? stored : next;

    /// <summary>
    /// Whether something is under way between ledgers: money is out, an operation waits for another ledger, money of the parent has not
    /// arrived, or the parent has not booked all that this ledger spent until its end. What a living holder has not told yet is no part
    /// of it: its parent asks.
    /// </summary>
    public static bool IsUnfinished(SessionHead head) =>
        head.OpenHolders > 0
        || head.Intents.Count > 0
        || (head.Link is { } link && (head.AwaitsFirstGrant || (head.End != EndReason.None && link.HasNews)));

    /// <summary>Whether it ended so long ago that it is to be purged.</summary>
    public static bool IsPastRetention(SessionHead head, DueSpans spans, DateTimeOffset now) =>
        head.EndedAt is { } ended && ended + spans.Retention <= now;

    private static DateTimeOffset Earlier(DateTimeOffset left, DateTimeOffset right) => left < right ? left : right;
}
