using AgentBudget.Ledger.Between;

namespace AgentBudget.Ledger.Tenants;

/// <summary>How a tenant's ledger is opened, set, and led through its windows.</summary>
internal static class TenantRules
{
    /// <summary>Brings a tenant's ledger up to the time of the turn: opened if it never was, and in the windows that run.</summary>
    public static void Begin(Turn turn)
    {
        if (!TenantLedgers.IsId(turn.Head.SessionId))
            return;
        if (!turn.Head.IsOpened)
            Open(turn);
        else
            GoOn(turn);
    }

    /// <summary>Leads it into the windows that run, where it is opened.</summary>
    public static void GoOn(Turn turn)
    {
        if (turn.Head.Tenant is { } tenant && tenant.Windows.Any(window => window.End <= turn.Time))
            Roll(turn);
    }

    public static SessionAnswer Set(Turn turn, SetTenantCommand command)
    {
        if (command.IfVersion is { } version && version != (turn.Head.Tenant?.Version ?? 0))
            return turn.Refuse(RefusalReason.SettingsChanged);
        Begin(turn);
        var tenant = turn.Head.Tenant!;
        if (tenant.IsSet && HashOf(tenant.Settings) == HashOf(command.Settings))
            return turn.Unchanged();
        return Change(turn, tenant with { Settings = command.Settings }, Money.Zero, command.By, command.Reason);
    }

    public static SessionAnswer TopUp(Turn turn, TopUpTenantCommand command)
    {
        if (turn.Head.Tenant is not { } tenant)
            return turn.Refuse(RefusalReason.TenantUnknown);
        if (tenant.Settings.LimitOf(command.Window) is not { } limit)
            return turn.Refuse(RefusalReason.NoLimit);
        var toppedUp = tenant.Windows.FirstOrDefault(window => window.Kind == command.Window)?.ToppedUp ?? Money.Zero;
        if ((Int128)limit.NanoDollars + toppedUp.NanoDollars + command.Amount.NanoDollars > Money.MaxAmount.NanoDollars)
            return turn.Refuse(RefusalReason.OutOfRange);
        var raised =
            command.Window == WindowKind.Total
                ? tenant with
                {
                    Settings = tenant.Settings with { TotalLimit = limit + command.Amount },
                }
                : tenant with
                {
                    Windows = [.. tenant.Windows.Select(window => Raised(window, command))],
                };
        return Change(turn, raised, command.Amount, command.By, command.Reason, command.Window);
    }

    private static void Open(Turn turn)
    {
        var path = TenantLedgers.PathOf(turn.Head.SessionId);
        turn.WriteUnasked(
            new Entry
            {
                Kind = EntryKind.Opened,
                Amount = TenantLimits.NoLimit,
                Options = new BudgetSessionOptions
                {
                    Budget = Money.MaxAmount,
                    Tenant = path,
                    Loops = LoopPolicy.Off,
                },
                Tenant = new TenantState { Windows = TenantFold.First(TenantSettings.None, turn.Time) },
                Link = path.Parent is { } above
                    ? new ParentLink
                    {
                        ParentId = TenantLedgers.IdOf(above),
                        ParentLife = TenantLedgers.Life,
                        RowMark = 0,
                        Policy = HolderPolicy.Sliced,
                    }
                    : null,
            }
        );
        // Nobody has invited it: what it reports from its first entry on makes it known above.
        if (turn.Head.Link is not null)
            turn.State.ParentKnowsThrough = HolderSpeech.NoRow;
    }

    private static void Roll(Turn turn)
    {
        var tenant = turn.Head.Tenant!;
        turn.WriteUnasked(
            new Entry
            {
                Kind = EntryKind.WindowsBegan,
                Tenant = tenant with
                {
                    Windows =
                    [
                        .. tenant.Windows.Select(window =>
                            window.End <= turn.Time ? TenantFold.Next(window, tenant.Settings, turn.Time) : window
                        ),
                    ],
                },
            }
        );
        TenantGrants.Serve(turn);
        turn.State.DeskOrNull?.HintAll();
    }

    private static SessionAnswer Change(
        Turn turn,
        TenantState tenant,
        Money amount,
        string? by,
        string? reason,
        WindowKind window = WindowKind.Total
    )
    {
        var answer = turn.Answer(
            new Entry
            {
                Kind = EntryKind.TenantSet,
                Amount = amount,
                Related = TenantHistory.Before(turn.Head),
                Tenant = tenant with { Version = turn.Head.Sequence + 1 },
                Window = window,
                By = by,
                Reason = reason,
            }
        );
        TenantGrants.Serve(turn);
        turn.State.DeskOrNull?.HintAll();
        TenantRecall.CallBackOverLimit(turn);
        return answer;
    }

    private static TenantWindow Raised(TenantWindow window, TopUpTenantCommand command) =>
        window.Kind == command.Window ? window with { ToppedUp = window.ToppedUp + command.Amount } : window;

    private static long HashOf(TenantSettings settings)
    {
        var hash = default(BodyHash);
        settings.AddTo(ref hash);
        return hash.Value;
    }
}
