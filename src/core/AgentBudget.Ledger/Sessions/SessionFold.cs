using AgentBudget.Ledger.Between;
using AgentBudget.Ledger.Tenants;

namespace AgentBudget.Ledger;

/// <summary>What an entry does to a head. The only place where a head changes: a head is the fold of its entries.</summary>
internal static class SessionFold
{
    /// <summary>The head after the entry.</summary>
    /// <exception cref="LedgerLawViolationException">The entry does not follow, or a law would not hold.</exception>
    public static SessionHead Next(SessionHead head, Entry entry)
    {
        Laws.EnsureFollows(head, entry);
        var kind = EntryKinds.Of(entry);
        var change = new HeadChange(head) { Breaker = BreakerAfter(head.Breaker, entry) };
        kind.Move(ref change, head, entry);
        BetweenFold.Move(ref change, head, entry);
        if (kind.IsActivity && !BetweenFold.IsOfAnother(entry))
            change.LastActivityAt = entry.At;
        change.HardLimitFired = HardLimitFiredAfter(head, change, entry, kind);
        var next = change.Apply(head, entry);
        Laws.EnsureMoney(next);
        return next;
    }

    public static void Open(ref HeadChange change, SessionHead head, Entry entry)
    {
        change.Options = entry.Options;
        change.OpenedBodyHash = entry.BodyHash;
        // What never ends has one life, which its holders can name before it is there.
        change.OpenedAt = entry.Tenant is null ? entry.At : UtcTicks.ToTime(TenantLedgers.Life);
        change.Budget = entry.Amount;
    }

    public static void Spend(ref HeadChange change, SessionHead head, Entry entry)
    {
        change.Spent += entry.Amount;
        change.Breakdown = change.Breakdown.Add(entry.Call!, entry.Amount);
        change.PriceTableVersion = entry.Call!.PriceTableVersion ?? head.PriceTableVersion;
        if (entry.Child is { } child)
            ChildFold.Spend(ref change, child, entry);
    }

    public static void Correct(ref HeadChange change, SessionHead head, Entry entry)
    {
        if (entry.Call is not { } call)
        {
            change.Budget += entry.Amount;
            return;
        }

        change.Spent += entry.Amount;
        change.Breakdown = change.Breakdown.Correct(call, entry.Amount);
        ChildFold.Correct(ref change, entry);
    }

    public static void End(ref HeadChange change, SessionHead head, Entry entry)
    {
        change.End = entry.End;
        change.EndedAt = entry.At;
    }

    private static BreakerStatus BreakerAfter(BreakerStatus breaker, Entry entry)
    {
        if (entry.OpenReason != OpenReason.None)
            breaker = breaker with { OpenReason = entry.OpenReason };
        if (entry.Signals.HasFlag(EntrySignals.BreakerClosed))
            breaker = breaker with { OpenReason = OpenReason.None };
        return breaker;
    }

    // Armed again as soon as an operator has made room: after that, meeting the limit is news.
    private static bool HardLimitFiredAfter(SessionHead head, in HeadChange change, Entry entry, EntryKindRow kind)
    {
        if (entry.Signals.HasFlag(EntrySignals.HardLimit))
            return true;
        if (!head.HardLimitFired)
            return false;
        var mayRearm = kind.IsOperatorsMoney || entry.Signals.HasFlag(EntrySignals.BreakerClosed);
        return !mayRearm || Limits.IsHardLimitMet(head.Options!, change.Budget, change.Spent, change.Reserved);
    }
}
