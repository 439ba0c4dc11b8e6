namespace AgentBudget.Ledger.Tenants;

/// <summary>
/// Fractions of a tenant's limits at which it is written down that so much is settled and out: once in each window, and once more when the
/// limit has been raised above it. What comes back arms nothing, or money that goes out and back again would be news for ever.
/// </summary>
internal static class TenantSoftLimits
{
    private static readonly WindowKind[] Kinds = Enum.GetValues<WindowKind>();

    /// <summary>Writes down what the entries of the turn have crossed.</summary>
    public static void Cross(Turn turn)
    {
        if (turn.Entries.Count == 0 || turn.Head.Tenant is not { Settings.SoftLimits.Count: > 0 })
            return;
        foreach (var kind in Kinds)
        {
            var place = PlaceOf(turn.Head.Tenant!, kind, turn.Head.Budget, turn.Head.Spent, turn.Head.Reserved);
            if (place.Limit is not { } limit)
                continue;
            var crossed = Met(turn.Head.Tenant!.Settings.SoftLimits, place.Used, limit) & ~place.Crossed;
            if (crossed == 0)
                continue;
            turn.WriteUnasked(
                new Entry
                {
                    Kind = EntryKind.SoftLimitReached,
                    Amount = Money.Min(place.Used, limit),
                    Requested = limit,
                    Window = kind,
                    Signals = EntrySignals.SoftLimit,
                    SoftLimitsCrossed = crossed,
                }
            );
        }
    }

    /// <summary>What an entry leaves crossed.</summary>
    /// <param name="next">The tenant after the entry, but for this.</param>
    /// <param name="before">The tenant before it; null before it was opened.</param>
    /// <param name="entry">The entry.</param>
    /// <param name="budget">The total limit in force after it.</param>
    /// <param name="spent">What is spent.</param>
    /// <param name="out">What is out.</param>
    public static TenantState After(TenantState next, TenantState? before, Entry entry, Money budget, Money spent, Money @out)
    {
        if (entry.Kind == EntryKind.SoftLimitReached)
            return With(next, entry.Window, PlaceOf(next, entry.Window, budget, spent, @out).Crossed | entry.SoftLimitsCrossed);
        if (entry.Kind != EntryKind.TenantSet || before is null)
            return next;
        foreach (var kind in Kinds)
        {
            var place = PlaceOf(next, kind, budget, spent, @out);
            next = With(next, kind, StillCrossed(before.Settings.SoftLimits, next.Settings.SoftLimits, place));
        }

        return next;
    }

    /// <summary>The fractions that bits stand for.</summary>
    public static IReadOnlyList<decimal> Fractions(TenantSettings settings, int crossed) =>
        crossed == 0 ? [] : [.. settings.SoftLimits.Where((_, i) => (crossed & (1 << i)) != 0)];

    private static int Met(IReadOnlyList<decimal> fractions, Money used, Money limit)
    {
        var met = 0;
        for (var i = 0; i < fractions.Count; i++)
        {
            if (used.NanoDollars >= limit.NanoDollars * fractions[i])
                met |= 1 << i;
        }

        return met;
    }

    // The settings may name others than before, in another order.
    private static int StillCrossed(IReadOnlyList<decimal> before, IReadOnlyList<decimal> now, Place place)
    {
        if (place.Crossed == 0 || place.Limit is not { } limit)
            return 0;
        var met = Met(now, place.Used, limit);
        var crossed = 0;
        for (var i = 0; i < now.Count; i++)
        {
            for (var j = 0; j < before.Count; j++)
            {
                if (before[j] == now[i] && (place.Crossed & (1 << j)) != 0)
                    crossed |= met & (1 << i);
            }
        }

        return crossed;
    }

    // Where limits hold nobody up, they are what was set.
    private static Place PlaceOf(TenantState tenant, WindowKind kind, Money budget, Money spent, Money @out)
    {
        if (kind == WindowKind.Total)
            return new Place(spent + @out, budget == TenantLimits.NoLimit ? tenant.Settings.TotalLimit : budget, tenant.SoftLimitsCrossed);
        foreach (var window in tenant.Windows)
        {
            if (window.Kind == kind)
                return new Place(
                    window.Spent + @out,
                    window.LimitInForce ?? (tenant.Settings.LimitOf(kind) + window.ToppedUp),
                    window.SoftLimitsCrossed
                );
        }

        return default;
    }

    private static TenantState With(TenantState tenant, WindowKind kind, int crossed)
    {
        if (kind == WindowKind.Total)
            return tenant with { SoftLimitsCrossed = crossed };
        if (tenant.Windows.All(window => window.Kind != kind || window.SoftLimitsCrossed == crossed))
            return tenant;
        return tenant with
        {
            Windows = [.. tenant.Windows.Select(window => window.Kind == kind ? window with { SoftLimitsCrossed = crossed } : window)],
        };
    }

    /// <summary>Where a window stands: what is settled, overage included, and out; its limit, if it has one; what was crossed.</summary>
    private readonly record struct Place(Money Used, Money? Limit, int Crossed);
}
