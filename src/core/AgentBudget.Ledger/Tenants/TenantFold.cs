namespace AgentBudget.Ledger.Tenants;

/// <summary>What entries do to the windows and limits of a tenant's ledger.</summary>
internal static class TenantFold
{
    public static HeadFamily Move(ref HeadChange change, HeadFamily family, Entry entry)
    {
        var tenant = TenantStop.Fold((entry.Tenant ?? family.Tenant)!, family, entry);
        var spent = entry.Holder?.ByQuarter ?? [];
        var (total, @out) = (change.Spent, change.Reserved);
        change.Budget =
            TenantLimits.InForce(TotalOf(tenant), change.Budget, total, @out)
            ?? throw new LedgerLawViolationException("A tenant's ledger has no budget (L9).");
        var next = tenant with
        {
            LastChange = TenantHistory.Has(entry.Kind) ? entry.Sequence : tenant.LastChange,
            Windows = [.. tenant.Windows.Select(window => Moved(window, tenant.Settings, spent, @out))],
        };
        next = Exhausted(next, entry, change.Budget, total);
        return family with { Tenant = TenantSoftLimits.After(next, family.Tenant, entry, change.Budget, total, @out) };
    }

    private static TenantState Exhausted(TenantState tenant, Entry entry, Money budget, Money spent)
    {
        if (entry.Kind == EntryKind.TenantExhausted)
            return tenant with { IsExhausted = true, ExhaustedFor = entry.Requested };
        if (!tenant.IsExhausted)
            return tenant;
        var isOver = entry.Kind switch
        {
            // A row that was merely touched has nothing more.
            EntryKind.HolderGranted or EntryKind.HolderOpened => entry.Amount > Money.Zero,
            EntryKind.WindowsBegan or EntryKind.TenantSet => !TenantLimits.IsExhaustedFor(tenant, budget, spent, tenant.ExhaustedFor),
            _ => false,
        };
        return isOver ? tenant with { IsExhausted = false, ExhaustedFor = Money.Zero } : tenant;
    }

    /// <summary>The window that an instant is in, where the one before it has ended.</summary>
    public static TenantWindow Next(TenantWindow before, TenantSettings settings, DateTimeOffset instant)
    {
        var zone = CalendarWindows.FindZone(settings.TimeZone) ?? TimeZoneInfo.Utc;
        var (start, end) = CalendarWindows.Of(before.Kind, instant, zone, settings.FirstWeekday);
        // A zone that was changed has its windows begin elsewhere; the one that ran runs to its end.
        if (start < before.End)
            start = before.End;
        var isNext = start == before.End;
        return new TenantWindow
        {
            Kind = before.Kind,
            Start = start,
            End = end,
            PreviousStart = isNext ? before.Start : CalendarWindows.Of(before.Kind, start.AddTicks(-1), zone, settings.FirstWeekday).Start,
            PreviousSpent = isNext ? before.Spent : Money.Zero,
        };
    }

    /// <summary>The windows of a tenant that is opened.</summary>
    public static IReadOnlyList<TenantWindow> First(TenantSettings settings, DateTimeOffset instant)
    {
        var zone = CalendarWindows.FindZone(settings.TimeZone) ?? TimeZoneInfo.Utc;
        return
        [
            .. new[] { WindowKind.Day, WindowKind.Week, WindowKind.Month }.Select(kind =>
            {
                var (start, end) = CalendarWindows.Of(kind, instant, zone, settings.FirstWeekday);
                return new TenantWindow
                {
                    Kind = kind,
                    Start = start,
                    End = end,
                    PreviousStart = CalendarWindows.Of(kind, start.AddTicks(-1), zone, settings.FirstWeekday).Start,
                };
            }),
        ];
    }

    // In observe mode limits are written down and hold nobody up.
    private static Money TotalOf(TenantState tenant) =>
        tenant.Settings is { Mode: SessionMode.Enforce, TotalLimit: { } limit } ? limit : TenantLimits.NoLimit;

    private static TenantWindow Moved(TenantWindow window, TenantSettings settings, IReadOnlyList<QuarterSum> spent, Money @out)
    {
        foreach (var sum in spent)
        {
            if (sum.FindStart() >= window.Start)
                window = window with { Spent = window.Spent + sum.Amount };
            else if (sum.FindStart() >= window.PreviousStart)
                window = window with { PreviousSpent = window.PreviousSpent + sum.Amount };
        }

        var limit = settings.Mode == SessionMode.Enforce ? settings.LimitOf(window.Kind) + window.ToppedUp : null;
        return window with { LimitInForce = TenantLimits.InForce(limit, window.LimitInForce, TenantLimits.Taken(window), @out) };
    }
}
