using AgentBudget.Ledger.Between;

namespace AgentBudget.Ledger.Tenants;

/// <summary>How a tenant's ledger is opened, set, and led through its windows; and whom it admits.</summary>
internal static class TenantRules
{
    /// <summary>The part of a session's budget that its first slice has at most.</summary>
    private const int FirstSlicePart = 8;

    /// <summary>How long after its request a session may be opened with what the tenant granted, by its own clock.</summary>
    public static readonly TimeSpan AdmissionIsGood = TimeSpan.FromSeconds(30);

    /// <summary>How long the tenant keeps the money for it at the least, by its own: nobody can be opened with it any more.</summary>
    public static readonly TimeSpan AdmissionIsKept = TimeSpan.FromSeconds(60);

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

    /// <summary>
    /// Whether a session may be opened, and with how much. Whoever may not leaves no trace here: a tenant's ledger is opened by the first
    /// that is admitted, so that made-up paths leave nothing behind.
    /// </summary>
    public static Received Admit(Turn turn, AdmissionRequest request)
    {
        GoOn(turn);
        var settings = turn.Head.Tenant?.Settings ?? TenantSettings.None;
        if (request.MustBeSet && turn.Head.Tenant is not { IsSet: true })
            return Refused(turn, request, RefusalReason.TenantUnknown);
        // A session that is opened has written every hold before it.
        if (turn.Head.Breaker.State != BreakerState.Closed)
            return Refused(turn, request, RefusalReason.Paused);
        if (turn.State.HasHolders && turn.State.Holders.Open.TryGetValue(request.HolderId, out var known))
            return Again(turn, request, known);
        if (turn.Head.OpenHolders >= settings.OpenSessions)
            return Refused(turn, request, RefusalReason.TooManySessions);
        if (Inheritance.Of(turn.State) is not { } inherited)
        {
            turn.State.Inheritance.Want();
            return Refused(turn, request, RefusalReason.InsufficientNow);
        }

        var options = inherited.Defaults.Fill(request.Options);
        if (request.IsByItself && !inherited.OpensSessions)
            return Refused(turn, request, RefusalReason.SessionUnknown);
        if (options.Budget <= Money.Zero)
            return Refused(turn, request, RefusalReason.NoBudget);
        Begin(turn);
        return Admit(turn, request, options, settings.Policy);
    }

    private static Received Admit(Turn turn, AdmissionRequest request, BudgetSessionOptions options, TenantPolicy policy)
    {
        var isWhole = policy == TenantPolicy.FullReservation;
        var room = TenantLimits.Room(turn.Head);
        // The smallest amount there is: the path is exhausted when not even that could be paid.
        var least = isWhole ? options.Budget : Money.FromNanoDollars(1);
        if (TenantGrants.IsExhausted(turn, least))
            return Refused(turn, request, RefusalReason.TenantExhausted);
        if (isWhole && room < least)
            return Refused(turn, request, RefusalReason.InsufficientNow);
        var slice = Money.FromNanoDollars(Math.Min(options.Budget.NanoDollars / FirstSlicePart, SpareOf(turn.Head, room).NanoDollars));
        var number = turn.Head.Sequence + 1;
        var row = new HolderRow
        {
            Number = number,
            HolderId = request.HolderId,
            OpenedAt = turn.Time,
            AdmittedAt = turn.Time,
            Granted = isWhole ? options.Budget : slice,
            Options = options,
            Policy = isWhole ? HolderPolicy.FullReservation : HolderPolicy.Sliced,
            Intent = new Intent
            {
                Sequence = number,
                Kind = IntentKind.OpenChild,
                BodyHash = request.BodyHash,
                Amount = options.Budget,
            },
        };
        turn.WriteUnasked(
            new Entry
            {
                Kind = EntryKind.HolderOpened,
                Amount = row.Granted,
                Child = row.HolderId,
                Holder = new HolderChange { Row = row },
            }
        );
        return new Received(Admitted(turn, request, row), turn.Entries);
    }

    /// <summary>A share of what is free that leaves as much for each of the others, twice over.</summary>
    public static Money SpareOf(SessionHead head, Money free) => Money.FromNanoDollars(free.NanoDollars / (2L * (head.OpenHolders + 1)));

    // The answer may have been lost: the same caller is told the same again.
    private static Received Again(Turn turn, AdmissionRequest request, HolderRow known)
    {
        if (known is not { HolderLife: 0, Intent: { } intent } || intent.BodyHash != request.BodyHash)
            return Refused(turn, request, RefusalReason.AlreadyOpen);
        // It would end as soon as it is opened.
        if (TenantStop.Ends(turn.Head, known))
            return Refused(turn, request, RefusalReason.InsufficientNow);
        if (turn.Time > known.AdmittedAt)
        {
            known = known with { AdmittedAt = turn.Time };
            turn.WriteUnasked(
                new Entry
                {
                    Kind = EntryKind.HolderGranted,
                    Child = known.HolderId,
                    Holder = new HolderChange
                    {
                        Row = known,
                        WasOpen = true,
                        SetAsideBefore = known.SetAside,
                    },
                }
            );
        }

        return new Received(Admitted(turn, request, known), turn.Entries);
    }

    private static LedgerMessage Admitted(Turn turn, AdmissionRequest request, HolderRow row) =>
        ((Invitation)ParentSpeech.Word(turn.Head, row, turn.Time)) with
        {
            Granted = row.Granted,
            HoldNumber = turn.Head.HoldNumber,
            AskedAt = request.Time,
        };

    private static Received Refused(Turn turn, AdmissionRequest request, RefusalReason reason)
    {
        var head = turn.Head;
        return new Received(
            ParentSpeech.Refusal(turn, request, reason) with
            {
                RefusedBy = TenantLedgers.PathOf(head.SessionId),
                AvailableThere = head.Tenant is null ? Money.Zero : TenantLimits.Room(head),
            },
            turn.Entries
        );
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
