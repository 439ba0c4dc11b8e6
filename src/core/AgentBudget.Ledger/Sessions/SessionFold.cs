using AgentBudget.Ledger.Between;

namespace AgentBudget.Ledger;

/// <summary>What an entry does to a head. The only place where a head changes: a head is the fold of its entries.</summary>
internal static class SessionFold
{
    /// <summary>The head after the entry.</summary>
    /// <exception cref="LedgerLawViolationException">The entry does not follow, or a law would not hold.</exception>
    public static SessionHead Next(SessionHead head, Entry entry)
    {
        Laws.EnsureFollows(head, entry);
        var change = new HeadChange(head);
        Move(ref change, head, entry);
        BetweenFold.Move(ref change, head, entry);
        if (IsActivity(entry.Kind)) change.LastActivityAt = entry.At;
        change.Breaker = BreakerAfter(head.Breaker, entry);
        change.HardLimitFired = HardLimitFiredAfter(head, change, entry);
        var next = change.Apply(head, entry);
        Laws.EnsureHold(next);
        return next;
    }

    private static void Move(ref HeadChange change, SessionHead head, Entry entry)
    {
        switch (entry.Kind)
        {
            case EntryKind.Opened:
                Open(ref change, entry);
                break;
            case EntryKind.Reserved:
                change.Reserved += entry.Amount;
                break;
            case EntryKind.Settled:
                change.Reserved -= entry.Requested;
                Spend(ref change, head, entry);
                break;
            case EntryKind.Released or EntryKind.Expired:
                change.Reserved -= entry.Amount;
                break;
            case EntryKind.Charged:
                Spend(ref change, head, entry);
                break;
            case EntryKind.ToppedUp:
                change.Budget += entry.Amount;
                change.Origin = head.Origin is null ? null : head.Origin with { AcceptedNumber = entry.CarveNumber };
                break;
            case EntryKind.BudgetSet:
                change.Budget = entry.Amount;
                break;
            case EntryKind.Corrected:
                Correct(ref change, entry);
                break;
            case EntryKind.Ended or EntryKind.Tombstoned:
                End(ref change, head, entry);
                break;
            case EntryKind.ChildOpened or EntryKind.ChildClosed or EntryKind.Carved or EntryKind.CarveReturned:
                ChildFold.Move(ref change, entry);
                break;
            case EntryKind.ReturnAcknowledged:
                change.Origin = head.Origin! with { ReturnAcknowledged = true };
                break;
            case EntryKind.LateChargesForwarded:
                change.Origin = head.Origin! with { ForwardedThrough = entry.Related };
                break;
            case EntryKind.GrantTaken:
                change.Budget += entry.Amount;
                break;
            case >= EntryKind.Intended and <= EntryKind.Restored:
            case EntryKind.Extended or EntryKind.Paused or EntryKind.Resumed or EntryKind.BreakerOpened or EntryKind.HardLimitReached:
                break;
            default:
                throw new LedgerLawViolationException($"Entry {entry.Sequence} is of an unknown kind, {entry.Kind}.");
        }
    }

    private static void Open(ref HeadChange change, Entry entry)
    {
        change.Options = entry.Options;
        change.OpenedBodyHash = entry.BodyHash;
        change.OpenedAt = entry.At;
        change.Budget = entry.Amount;
        change.Origin = entry.Origin;
    }

    private static void Spend(ref HeadChange change, SessionHead head, Entry entry)
    {
        change.Spent += entry.Amount;
        change.Breakdown = change.Breakdown.Add(entry.Call!, entry.Amount);
        change.PriceTableVersion = entry.Call!.PriceTableVersion ?? head.PriceTableVersion;
        if (entry.Child is { } child) ChildFold.Spend(ref change, child, entry);
        var isLateInCarvedChild = head.Origin is not null && head.End != EndReason.None;
        if (isLateInCarvedChild) change.Origin = head.Origin! with { LastLateSequence = entry.Sequence };
    }

    private static void Correct(ref HeadChange change, Entry entry)
    {
        if (entry.Call is not { } call)
        {
            change.Budget += entry.Amount;
            return;
        }

        change.Spent += entry.Amount;
        change.Breakdown = change.Breakdown.Correct(call.Kind, call.Name, entry.Amount);
        ChildFold.Correct(ref change, entry);
    }

    private static void End(ref HeadChange change, SessionHead head, Entry entry)
    {
        change.End = entry.End;
        change.EndedAt = entry.At;
        if (entry.Kind == EntryKind.Tombstoned) change.OpenedAt = entry.At;
        if (head.Origin is not null) change.Origin = head.Origin with { SealedSpent = head.Spent, SealedBreakdown = head.Breakdown };
    }

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
    private static bool HardLimitFiredAfter(SessionHead head, in HeadChange change, Entry entry)
    {
        if (entry.Signals.HasFlag(EntrySignals.HardLimit)) return true;
        if (!head.HardLimitFired) return false;
        var mayRearm = entry.Kind is EntryKind.ToppedUp or EntryKind.BudgetSet or EntryKind.Corrected or EntryKind.GrantTaken
            || entry.Signals.HasFlag(EntrySignals.BreakerClosed);
        return !mayRearm || Limits.IsHardLimitMet(head.Options!, change.Budget, change.Spent, change.Reserved);
    }

    private static bool IsActivity(EntryKind kind) => kind is not
        (EntryKind.Expired or EntryKind.Ended or EntryKind.ReturnAcknowledged or EntryKind.LateChargesForwarded or EntryKind.Tombstoned
            or EntryKind.ReportAcknowledged or EntryKind.Restored);
}
