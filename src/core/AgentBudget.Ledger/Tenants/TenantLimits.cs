using AgentBudget.Ledger.Between;

namespace AgentBudget.Ledger.Tenants;

/// <summary>What a tenant's limits leave, in total and in each window that runs.</summary>
internal static class TenantLimits
{
    /// <summary>Stands for no limit in total: more than can be spent.</summary>
    public static readonly Money NoLimit = IntentRules.MostGranted;

    /// <summary>
    /// The limit that holds from now on. What was lowered below what is spent and out falls as money comes back, and never rises.
    /// </summary>
    /// <param name="wanted">What was set; null for none.</param>
    /// <param name="inForce">What has held so far; null for none.</param>
    /// <param name="spent">What has been spent.</param>
    /// <param name="out">What is out.</param>
    public static Money? InForce(Money? wanted, Money? inForce, Money spent, Money @out)
    {
        if (wanted is not { } limit)
            return null;
        var used = spent + @out;
        var stillInForce = inForce is { } before && before < used ? before : used;
        return Money.Max(limit, stillInForce);
    }

    /// <summary>
    /// What a window's costs take of its limit. What was taken back in it of an earlier window's costs can leave its sum below zero, and
    /// makes
    /// no room: more could be spent in it than its limit.
    /// </summary>
    public static Money Taken(TenantWindow window) => Money.Max(Money.Zero, window.Spent);

    /// <summary>What could go out now, its own limits and the money that it holds of its parent considered.</summary>
    public static Money Room(SessionHead head) => Money.Max(Money.Zero, Money.Min(OwnRoom(head), InHand(head)));

    /// <summary>What any ledger has that is neither spent, set aside nor out: a tenant by its limits, a session by its budget, both by what
    /// they hold of their parent's money.</summary>
    public static Money Free(SessionHead head) => Money.Min(OwnRoom(head), InHand(head));

    /// <summary>The same by its own limits, or its budget, alone.</summary>
    public static Money OwnRoom(SessionHead head)
    {
        if (head.Tenant is not { } tenant)
            return head.Standing.Available;
        var room = head.Budget - head.Spent - head.Reserved;
        foreach (var window in tenant.Windows)
        {
            if (window.LimitInForce is { } limit)
                room = Money.Min(room, limit - Taken(window) - head.Reserved);
        }

        return Money.Max(Money.Zero, room);
    }

    /// <summary>By how much what is spent and out is beyond a limit that was lowered: that much is to come back.</summary>
    public static Money OverLimit(SessionHead head)
    {
        var settings = head.Tenant!.Settings;
        if (settings.Mode != SessionMode.Enforce)
            return Money.Zero;
        var over = settings.TotalLimit is { } total ? head.Budget - total : Money.Zero;
        foreach (var window in head.Tenant.Windows)
        {
            if (window.LimitInForce is { } inForce && settings.LimitOf(window.Kind) is { } wanted)
                over = Money.Max(over, inForce - wanted - window.ToppedUp);
        }

        return Money.Max(Money.Zero, over);
    }

    /// <summary>What it holds of its parent's money and has neither spent nor passed on.</summary>
    public static Money InHand(SessionHead head) =>
        head.Link is { IsCarved: false } link ? Money.Max(Money.Zero, link.Authority - head.Spent - head.Reserved) : NoLimit;

    /// <summary>Whether all that is out could come back, and an amount would still be too much.</summary>
    public static bool IsExhaustedFor(SessionHead head, Money amount) => IsExhaustedFor(head.Tenant!, head.Budget, head.Spent, amount);

    /// <summary>The same by a tenant's windows, its total limit in force and what is spent.</summary>
    public static bool IsExhaustedFor(TenantState tenant, Money budget, Money spent, Money amount)
    {
        if (spent + amount > budget)
            return true;
        foreach (var window in tenant.Windows)
        {
            if (window.LimitInForce is { } limit && Taken(window) + amount > limit)
                return true;
        }

        return false;
    }

    /// <summary>How much may be out at most, whatever was spent: what a store that was restored brings beyond it has no cover.</summary>
    public static Money Cover(SessionHead head)
    {
        var cover = head.Budget;
        foreach (var window in head.Tenant?.Windows ?? [])
        {
            if (window.LimitInForce is { } limit)
                cover = Money.Min(cover, limit);
        }

        return head.Link is { IsCarved: false } link ? Money.Min(cover, link.Authority) : cover;
    }
}
