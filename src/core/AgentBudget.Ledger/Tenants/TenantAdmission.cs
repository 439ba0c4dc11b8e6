using AgentBudget.Ledger.Between;

namespace AgentBudget.Ledger.Tenants;

/// <summary>Which sessions a tenant admits, and with how much of its money.</summary>
internal static class TenantAdmission
{
    /// <summary>The part of a session's budget that its first slice has at most.</summary>
    private const int FirstSlicePart = 8;

    /// <summary>The part of that which it has at the least, where it has any.</summary>
    private const int LeastPartOfASlice = 8;

    /// <summary>With fewer holders than these, a share of what is free is no crumb.</summary>
    private const int FewHolders = 32;

    /// <summary>How long after its request a session may be opened with what the tenant granted, by its own clock.</summary>
    public static readonly TimeSpan AdmissionIsGood = TimeSpan.FromSeconds(30);

    /// <summary>How long the tenant keeps the money for it at the least, by its own: nobody can be opened with it any more.</summary>
    public static readonly TimeSpan AdmissionIsKept = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Whether a session may be opened, and with how much. Whoever may not leaves no trace here: a tenant's ledger is opened by the first
    /// that is admitted, so that made-up paths leave nothing behind.
    /// </summary>
    public static Received Admit(Turn turn, AdmissionRequest request)
    {
        TenantRules.GoOn(turn);
        var settings = turn.Head.Tenant?.Settings ?? TenantSettings.None;
        if (request.MustBeSet && turn.Head.Tenant is not { IsSet: true })
            return Refused(turn, request, RefusalReason.TenantUnknown);
        // A session that is opened has written every hold before it.
        if (turn.Head.Breaker.State != BreakerState.Closed)
            return Refused(turn, request, RefusalReason.Paused);
        if (turn.State.HasHolders && turn.State.Holders.Open.TryGetValue(request.HolderId, out var known))
            return Again(turn, request, known);
        if (turn.Head.OpenHolders >= settings.OpenSessions && SessionsOf(turn.State) >= settings.OpenSessions)
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
        TenantRules.Begin(turn);
        return Admit(turn, request, options, settings.Policy);
    }

    // Tenants below have rows as well, and never end.
    private static int SessionsOf(SessionState state) => state.Holders.Open.Keys.Count(id => !TenantLedgers.IsId(id));

    private static Received Admit(Turn turn, AdmissionRequest request, BudgetSessionOptions options, TenantPolicy policy)
    {
        RowRules.CoverWithWhatIsFree(turn);
        var isWhole = policy == TenantPolicy.FullReservation;
        var room = TenantLimits.Room(turn.Head);
        // The smallest amount there is: the path is exhausted when not even that could be paid.
        var least = isWhole ? options.Budget : Money.FromNanoDollars(1);
        if (TenantGrants.IsExhausted(turn, least))
            return Refused(turn, request, RefusalReason.TenantExhausted);
        if (isWhole && room < least)
            return Refused(turn, request, TenantRecall.Seek(turn, request.HolderId, least));
        var slice = FirstSlice(turn.Head, options.Budget, room);
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

    // Among many, nothing rather than a crumb: what is less than any call costs has to be called back from each of them once the rest is
    // gone.
    private static Money FirstSlice(SessionHead head, Money budget, Money room)
    {
        var (wish, spare) = (Money.FromNanoDollars(budget.NanoDollars / FirstSlicePart), TenantGrant.SpareOf(head, room));
        var isCrumb = head.OpenHolders >= FewHolders && spare.NanoDollars < wish.NanoDollars / LeastPartOfASlice;
        return isCrumb ? Money.Zero : Money.Min(wish, spare);
    }

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
        var by = head.Tenant is null
            ? new TenantRefusal(TenantLedgers.PathOf(head.SessionId), Money.Zero)
            : TenantGrants.ByOf(turn, reason);
        return new Received(
            ParentSpeech.Refusal(turn, request, reason) with
            {
                RefusedBy = by.Path,
                AvailableThere = by.Available,
            },
            turn.Entries
        );
    }
}
