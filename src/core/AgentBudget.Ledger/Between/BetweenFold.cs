using AgentBudget.Ledger.Tenants;

namespace AgentBudget.Ledger.Between;

/// <summary>What entries do to the parts of a head that stand between two ledgers.</summary>
internal static class BetweenFold
{
    public static void Move(ref HeadChange change, SessionHead head, Entry entry)
    {
        var isHold = entry.Kind is EntryKind.Paused or EntryKind.Resumed or EntryKind.Stopped;
        if (change.Family is null && !isHold && entry is { Link: null, Holder: null, Intent: null, Tenant: null })
            return;
        var family = change.Family ?? HeadFamily.None;
        if (entry.Link is not null)
            family = family with { Link = entry.Link };
        if (entry.Holder is { } holder)
            family = Move(ref change, family, entry, holder);
        if (entry.Intent is { Kind: not IntentKind.OpenChild } intent)
            family = family with { Intents = [.. family.Intents, intent] };
        else if (family.Intents.Count > 0 && entry.Related != 0)
            family = Without(family, entry.Related);
        if (isHold)
            family = family with { HoldNumber = Math.Max(head.HoldNumber + 1, entry.At.UtcTicks) };
        if (family.Link is { } link && IsNews(head, entry))
            family = family with { Link = link with { LastNews = entry.Sequence } };
        if (entry.Tenant is not null || family.Tenant is not null)
            family = TenantFold.Move(ref change, family, entry);
        change.Family = family;
    }

    /// <summary>Whether the parent has to hear of the entry.</summary>
    public static bool IsNews(SessionHead head, Entry entry) =>
        entry.Kind switch
        {
            _ when EntryKinds.Of(entry).IsCost => entry.Amount != Money.Zero,
            EntryKind.Corrected => entry.Call is not null,
            EntryKind.HolderReported or EntryKind.HolderRestored => entry.Amount != Money.Zero
                // Of several models or tools nothing can come together.
                || entry.Breakdown is not null
                || entry.Holder!.Runs.Count > 0,
            EntryKind.Ended or EntryKind.Restored => true,
            EntryKind.BudgetSet or EntryKind.GrantTaken or EntryKind.MoneyReturned => entry.Link is { } link
                && head.Link is { } before
                && link.GivenBack != before.GivenBack,
            _ => false,
        };

    /// <summary>
    /// Whether another ledger caused the entry, so that the session is not used by it: an operation counts when its caller asked for it,
    /// and not once more when another ledger has done its part. What an open holder tells counts, for its parent is idle from when the
    /// last of them has ended.
    /// </summary>
    public static bool IsOfAnother(Entry entry) =>
        entry.Kind switch
        {
            EntryKind.ToppedUp or EntryKind.BudgetSet => entry.Related != 0,
            EntryKind.HolderReported => !entry.Holder!.WasOpen,
            _ => false,
        };

    private static HeadFamily Move(ref HeadChange change, HeadFamily family, Entry entry, HolderChange holder)
    {
        change.Reserved += holder.Row.SetAside - holder.SetAsideBefore;
        change.Spent += holder.Spent;
        if (entry.Breakdown is { } breakdown)
            change.Breakdown = change.Breakdown.Add(breakdown);
        if (holder.HoldNumber > family.HoldNumber)
            family = family with { HoldNumber = holder.HoldNumber };
        if (holder.Row.End == HolderEnd.Sealed)
        {
            change.Family = family;
            // A tenant has thousands: its reports page the rows.
            if (family.Tenant is null)
                ChildFold.Remember(ref change, holder.Row, holder.WasOpen);
            family = change.Family!;
        }

        var isFirst = holder.Row.Number == entry.Sequence;
        if (isFirst)
            return family with { ChildrenTotal = family.ChildrenTotal + 1, OpenHolders = family.OpenHolders + (holder.Row.IsOpen ? 1 : 0) };
        var isClosedNow = holder.WasOpen && !holder.Row.IsOpen;
        return isClosedNow ? family with { OpenHolders = family.OpenHolders - 1 } : family;
    }

    private static HeadFamily Without(HeadFamily family, long sequence)
    {
        for (var i = 0; i < family.Intents.Count; i++)
        {
            if (family.Intents[i].Sequence == sequence)
                return family with { Intents = family.Intents.Where(intent => intent.Sequence != sequence).ToArray() };
        }

        return family;
    }
}

/// <summary>How time travels between ledgers.</summary>
internal static class BetweenTime
{
    /// <summary>How far a message moves a ledger's time ahead of its own clock at most: what two clocks may be apart.</summary>
    public static readonly TimeSpan MostAhead = TimeSpan.FromSeconds(10);

    /// <summary>The time of a turn that a message causes.</summary>
    public static DateTimeOffset Of(DateTimeOffset messageTime, DateTimeOffset now)
    {
        var latest = now + MostAhead;
        if (messageTime <= now)
            return now;
        return messageTime < latest ? messageTime : latest;
    }
}
