using AgentBudget.Ledger.Between;

namespace AgentBudget.Ledger.Tenants;

/// <summary>One grant to one holder: what it lacks, and how much ahead.</summary>
internal static class TenantGrant
{
    /// <summary>How much of what is free beyond what a holder lacks it may have ahead.</summary>
    public delegate Money Spare(SessionHead head, Money free);

    /// <summary>A share of what is free that leaves as much for each of the others, twice over.</summary>
    public static Money SpareOf(SessionHead head, Money free) => Money.FromNanoDollars(free.NanoDollars / (2L * (head.OpenHolders + 1)));

    /// <summary>While others wait, exactly what is lacking.</summary>
    public static Money NothingAhead(SessionHead head, Money free) => Money.Zero;

    /// <summary>What those who wait may have ahead: what they would like, where that is at most half of what there is; else a share of what
    /// is left when each has what it lacks; nothing while somebody goes without.</summary>
    public static Spare SpareOfLine(SessionState state)
    {
        // Not before it is asked for: the line may be long, and mostly nobody in it can be served.
        Spare? spare = null;
        return (head, free) => (spare ??= SpareOfLineNow(state))(head, free);
    }

    private static Spare SpareOfLineNow(SessionState state)
    {
        var room = (Int128)TenantLimits.Room(state.Head).NanoDollars;
        var (afterAll, afterWishes) = (room, room);
        foreach (var waiter in state.Desk.Line)
        {
            if (!state.Holders.Open.TryGetValue(waiter.HolderId, out var row))
                continue;
            var all = Money.Max(row.Granted, waiter.All);
            afterAll -= (row.OutWith(all) - row.Out).NanoDollars;
            afterWishes -= (row.OutWith(Money.Max(all, waiter.Wish)) - row.Out).NanoDollars;
        }

        if (afterWishes >= room / 2)
            return (_, free) => free;
        if (afterAll <= 0)
            return NothingAhead;
        var share = SpareOf(state.Head, Money.FromNanoDollars((long)afterAll));
        return (_, free) => Money.Min(share, free);
    }

    /// <summary>How much a holder has ahead of what it would like, with so much to spare: whole calls. Crumbs would be asked for again and
    /// again, and each has to be called back from another holder once the rest is gone.</summary>
    private static Money Ahead(Money wish, Money spare, Money call)
    {
        var most = Money.Min(wish, spare).NanoDollars;
        return Money.FromNanoDollars(call > Money.Zero ? most - (most % call.NanoDollars) : most);
    }

    /// <summary>Those who wait, in their turn: oldest first, and first whose caller is there. Whoever does not fit, or has been passed for
    /// long enough, has its turn, there or not.</summary>
    public static Waiter[] InTurn(Turn turn)
    {
        var (desk, now) = (turn.State.Desk, turn.Time);
        return desk.Line.All(waiter => waiter.IsThere(now))
            ? [.. desk.Line]
            : [.. desk.Line.OrderBy(waiter => !waiter.IsThere(now) && !desk.KeepsFor(waiter, now) && !IsTooLarge(turn, waiter))];
    }

    /// <summary>Whether there is less room than a waiter lacks.</summary>
    public static bool IsTooLarge(Turn turn, Waiter waiter) =>
        turn.State.Holders.Open.TryGetValue(waiter.HolderId, out var row) && Lacks(row, waiter) > TenantLimits.Room(turn.Head);

    /// <summary>What a waiter lacks at the least.</summary>
    public static Money Lacks(HolderRow row, Waiter waiter) => row.OutWith(Money.Max(waiter.AtLeast, row.Granted)) - row.Out;

    /// <summary>Grants what a waiter lacks, if there is room for it.</summary>
    public static bool Try(Turn turn, ref HolderRow row, Waiter waiter, Spare spareOf)
    {
        var head = turn.Head;
        var room = TenantLimits.Room(head);
        var least = Money.Max(waiter.AtLeast, row.Granted);
        var lacks = Lacks(row, waiter);
        if (lacks > room)
            return false;
        var all = Money.Max(waiter.All, least);
        var granted = least + Money.Min(row.OutWith(all) - row.OutWith(least), room - lacks);
        if (waiter.Wish > granted)
        {
            var free = room - (row.OutWith(granted) - row.Out);
            granted += Ahead(waiter.Wish - granted, spareOf(head, free), waiter.Amount);
        }

        if (granted <= row.Granted || granted > IntentRules.MostGranted)
            return waiter.AtLeast <= row.Granted;
        // So that it has in hand what those below it take in a while, and they do not wait for the one above at each call.
        var taken = row.OutWith(granted) - row.Out;
        if (head.Link is not null && taken > Money.Zero)
            turn.State.Needs.Use(taken, turn.Time);
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
