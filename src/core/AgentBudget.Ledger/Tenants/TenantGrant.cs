using AgentBudget.Ledger.Between;

namespace AgentBudget.Ledger.Tenants;

/// <summary>One grant to one holder: what it lacks, and how much ahead.</summary>
internal static class TenantGrant
{
    private const int LeastPartOfAWish = 8;

    /// <summary>How much of what is free beyond what a holder lacks it may have ahead.</summary>
    public delegate Money Spare(SessionHead head, Money free);

    /// <summary>While others wait, exactly what is lacking.</summary>
    public static Money NothingAhead(SessionHead head, Money free) => Money.Zero;

    /// <summary>Where there is enough for what all who wait would like, they have it.</summary>
    public static Money AllThereIs(SessionHead head, Money free) => free;

    /// <summary>Whether there is.</summary>
    public static bool HasRoomForAllWishes(SessionState state)
    {
        var left = (Int128)TenantLimits.Room(state.Head).NanoDollars;
        foreach (var waiter in state.Desk.Line)
        {
            if (state.Holders.Open.TryGetValue(waiter.HolderId, out var row))
                left -= (row.OutWith(Money.Max(row.Granted, Money.Max(waiter.All, waiter.Wish))) - row.Out).NanoDollars;
        }

        return left >= 0;
    }

    /// <summary>Grants what a waiter lacks, if there is room for it.</summary>
    public static bool Try(Turn turn, ref HolderRow row, Waiter waiter, Spare spareOf)
    {
        var head = turn.Head;
        var room = TenantLimits.Room(head);
        var least = Money.Max(waiter.AtLeast, row.Granted);
        var lacks = row.OutWith(least) - row.Out;
        if (lacks > room)
            return false;
        var all = Money.Max(waiter.All, least);
        var granted = least + Money.Min(row.OutWith(all) - row.OutWith(least), room - lacks);
        if (waiter.Wish > granted)
        {
            var free = room - (row.OutWith(granted) - row.Out);
            var spare = Money.Min(waiter.Wish - granted, spareOf(head, free));
            // Crumbs would be asked for again and again.
            if (spare.NanoDollars >= (waiter.Wish - granted).NanoDollars / LeastPartOfAWish)
                granted += spare;
        }

        if (granted <= row.Granted || granted > IntentRules.MostGranted)
            return waiter.AtLeast <= row.Granted;
        // So that it has in hand what those below it take in a while, and they do not wait for the one above at each call.
        if (head.Link is not null)
            turn.State.Needs.Use(granted - row.Granted, turn.Time);
        var next = row with { Granted = granted };
        turn.WriteUnasked(
            new Entry
            {
                Kind = EntryKind.HolderGranted,
                Amount = granted - row.Granted,
                Child = row.HolderId,
                Holder = new HolderChange
                {
                    Row = next,
                    WasOpen = true,
                    SetAsideBefore = row.SetAside,
                },
            }
        );
        row = next;
        return true;
    }
}
