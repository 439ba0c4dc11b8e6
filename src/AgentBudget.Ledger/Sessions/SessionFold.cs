namespace AgentBudget.Ledger;

/// <summary>What an entry does to a head. The only place where a head changes: a head is the fold of its entries.</summary>
internal static class SessionFold
{
    /// <summary>The head after the entry.</summary>
    /// <exception cref="LedgerLawViolationException">The entry does not follow, or a law would not hold.</exception>
    public static SessionHead Next(SessionHead head, Entry entry)
    {
        Laws.EnsureFollows(head, entry);
        var moved = Move(head, entry);
        var next = moved with
        {
            Sequence = entry.Sequence,
            LastEntryAt = entry.At,
            LastActivityAt = IsActivity(entry.Kind) ? entry.At : head.LastActivityAt,
            LastRelatedSequence = entry.IsRelatedLookup ? entry.Sequence : head.LastRelatedSequence,
            Breaker = BreakerAfter(head.Breaker, entry),
            BreakerOpenedSequence = entry.OpenReason != OpenReason.None ? entry.Sequence : head.BreakerOpenedSequence,
            FirstSoftLimitSequence =
                head.FirstSoftLimitSequence == 0 && entry.SoftLimitsCrossed != 0 ? entry.Sequence : head.FirstSoftLimitSequence,
            HardLimitFired = HardLimitFiredAfter(head, moved, entry),
        };
        Laws.EnsureHold(next);
        return next;
    }

    private static SessionHead Move(SessionHead head, Entry entry) => entry.Kind switch
    {
        EntryKind.Opened => head with
        {
            Options = entry.Options,
            OpenedBodyHash = entry.BodyHash,
            OpenedAt = entry.At,
            Budget = entry.Amount,
            Origin = entry.Origin,
        },
        EntryKind.Reserved => head with { Reserved = head.Reserved + entry.Amount },
        EntryKind.Settled => Spend(head with { Reserved = head.Reserved - entry.Requested }, entry),
        EntryKind.Released or EntryKind.Expired => head with { Reserved = head.Reserved - entry.Amount },
        EntryKind.Charged => Spend(head, entry),
        EntryKind.ToppedUp => ToppedUp(head, entry),
        EntryKind.BudgetSet => head with { Budget = entry.Amount },
        EntryKind.Corrected => Corrected(head, entry),
        EntryKind.Ended => head with { End = entry.End, EndedAt = entry.At, Origin = Sealed(head) },
        EntryKind.Tombstoned => head with { End = entry.End, EndedAt = entry.At, OpenedAt = entry.At },
        EntryKind.ChildOpened or EntryKind.ChildClosed or EntryKind.Carved or EntryKind.CarveReturned => ChildFold.Next(head, entry),
        EntryKind.ReturnAcknowledged => head with { Origin = head.Origin! with { ReturnAcknowledged = true } },
        EntryKind.LateChargesForwarded => head with { Origin = head.Origin! with { ForwardedThrough = entry.Related } },
        EntryKind.Extended or EntryKind.Paused or EntryKind.Resumed or EntryKind.BreakerOpened or EntryKind.HardLimitReached => head,
        _ => throw new LedgerLawViolationException($"Entry {entry.Sequence} is of an unknown kind, {entry.Kind}."),
    };

    private static SessionHead Spend(SessionHead head, Entry entry)
    {
        var next = head with
        {
            Spent = head.Spent + entry.Amount,
            Breakdown = head.Breakdown.Add(entry.Call!, entry.Amount),
            PriceTableVersion = entry.Call!.PriceTableVersion ?? head.PriceTableVersion,
        };
        if (entry.Child is { } child) next = ChildFold.Spend(next, child, entry);
        var isLateInCarvedChild = head.Origin is not null && head.End != EndReason.None;
        return isLateInCarvedChild ? next with { Origin = head.Origin! with { LastLateSequence = entry.Sequence } } : next;
    }

    private static CarveOrigin? Sealed(SessionHead head) =>
        head.Origin is null ? null : head.Origin with { SealedSpent = head.Spent, SealedBreakdown = head.Breakdown };

    private static SessionHead ToppedUp(SessionHead head, Entry entry) => head with
    {
        Budget = head.Budget + entry.Amount,
        Origin = head.Origin is null ? null : head.Origin with { AcceptedNumber = entry.CarveNumber },
    };

    private static SessionHead Corrected(SessionHead head, Entry entry) => entry.Call is { } call
        ? ChildFold.Correct(head, entry) with
        {
            Spent = head.Spent + entry.Amount,
            Breakdown = head.Breakdown.Correct(call.Kind, call.Name, entry.Amount),
        }
        : head with { Budget = head.Budget + entry.Amount };

    private static BreakerStatus BreakerAfter(BreakerStatus breaker, Entry entry)
    {
        if (entry.OpenReason != OpenReason.None) breaker = breaker with { OpenReason = entry.OpenReason };
        if (entry.Signals.HasFlag(EntrySignals.BreakerClosed)) breaker = breaker with { OpenReason = OpenReason.None };
        return entry.Kind switch
        {
            EntryKind.Paused => breaker with { PausedBy = breaker.PausedBy | entry.PauseSource },
            EntryKind.Resumed => breaker with { PausedBy = breaker.PausedBy & ~entry.PauseSource },
            _ => breaker,
        };
    }

    // Armed again as soon as an operator has made room: after that, meeting the limit is news.
    private static bool HardLimitFiredAfter(SessionHead head, SessionHead moved, Entry entry)
    {
        if (entry.Signals.HasFlag(EntrySignals.HardLimit)) return true;
        var mayRearm = entry.Kind is EntryKind.ToppedUp or EntryKind.BudgetSet or EntryKind.Corrected or EntryKind.Resumed;
        return head.HardLimitFired && !(mayRearm && !Limits.IsHardLimitMet(moved));
    }

    private static bool IsActivity(EntryKind kind) => kind is not
        (EntryKind.Expired or EntryKind.Ended or EntryKind.ReturnAcknowledged or EntryKind.LateChargesForwarded or EntryKind.Tombstoned);
}
