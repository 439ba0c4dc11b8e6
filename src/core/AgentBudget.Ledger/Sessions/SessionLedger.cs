using AgentBudget.Ledger;
using AgentBudget.Ledger.Between;
using AgentBudget.Ledger.Tenants;

namespace AgentBudget;

/// <summary>
/// The ledger of one session: state + command + time gives an answer and the entries that it stands on. Pure: no clock, no I/O, no
/// threads. What <see cref="Execute"/> returns is decided, not durable; whoever runs it writes the entries before anyone is answered,
/// and drops the ledger if they cannot be written.
/// </summary>
public sealed partial class SessionLedger
{
    private readonly SessionState state;

    private SessionLedger(SessionState state) => this.state = state;

    /// <summary>The session as it stands after all that was decided.</summary>
    public SessionHead Head => state.Head;

    /// <summary>The open reservations by id.</summary>
    public IReadOnlyDictionary<long, Reservation> OpenReservations => state.Open;

    /// <summary>A session that was never opened.</summary>
    public static SessionLedger New(string sessionId)
    {
        if (!TenantLedgers.IsId(sessionId))
            SessionIds.Validate(sessionId);
        return new SessionLedger(new SessionState(new SessionHead { SessionId = sessionId }));
    }

    /// <summary>A session as it was stored.</summary>
    /// <param name="head">The stored head.</param>
    /// <param name="open">The open reservations.</param>
    /// <param name="recent">The last entries, oldest first: as many as <see cref="LoopEntriesSince"/> asks for.</param>
    /// <exception cref="LedgerLawViolationException">What was stored breaks a law.</exception>
    public static SessionLedger Restore(SessionHead head, IEnumerable<Reservation> open, IEnumerable<Entry> recent) =>
        Restore(head, open, [], recent);

    /// <summary>The same, with the open rows of those who hold money of it.</summary>
    /// <param name="head">The stored head.</param>
    /// <param name="open">The open reservations.</param>
    /// <param name="holders">The open rows.</param>
    /// <param name="recent">The last entries, oldest first: as many as <see cref="LoopEntriesSince"/> asks for.</param>
    /// <exception cref="LedgerLawViolationException">What was stored breaks a law.</exception>
    public static SessionLedger Restore(
        SessionHead head,
        IEnumerable<Reservation> open,
        IEnumerable<HolderRow> holders,
        IEnumerable<Entry> recent
    )
    {
        var state = new SessionState(head);
        if (head.Link is { } link)
            (state.ParentKnowsThrough, state.ParentKnowsEpoch) = (link.AcknowledgedThrough, link.Epoch);
        foreach (var holder in holders)
            state.Holders.Add(holder);
        foreach (var reservation in open)
            state.Add(reservation);
        if (head.IsOpened)
        {
            foreach (var entry in recent)
                state.Remember(entry, entry.After.Spent);
        }

        Laws.EnsureMoney(head);
        Laws.EnsureReservedIsOpen(head, state.Open.Values, state.HasHolders ? state.Holders.Open.Values : []);
        Laws.EnsureSpentIsBrokenDown(head);
        return new SessionLedger(state);
    }

    /// <summary>The time after which entries matter to the sense of loops of a stored session.</summary>
    public static DateTimeOffset LoopEntriesSince(SessionHead head) =>
        head.Options is null ? DateTimeOffset.MaxValue : head.LastEntryAt - head.Options.Loops.LongestWindow;

    /// <summary>
    /// The entry that has to be looked up, with its related ones, before the command is executed; 0 for none. It can change from turn
    /// to turn: ask again inside the turn.
    /// </summary>
    public long EntryToLookUp(SessionCommand command) => command.EntryToLookUp(state);

    /// <summary>Decides a command. The checks come in this order: key, state and breaker, loop policy, money.</summary>
    /// <param name="command">A validated command.</param>
    /// <param name="lookUps">What was looked up for it.</param>
    /// <param name="now">The clock.</param>
    /// <exception cref="LedgerLawViolationException">A defect; nothing may be written, and the ledger must be dropped.</exception>
    public Decision Execute(SessionCommand command, LookUps lookUps, DateTimeOffset now)
    {
        var turn = new Turn(state, command, lookUps, now);
        if (lookUps.Prior is { } prior)
            return new Decision(Replay(turn, prior), []);
        if (command.Key is { } key && state.FindIntent(key) is { } intent)
            return Join(turn, intent);
        var answer = Decide(turn, command, lookUps.Price);
        RowRules.CoverWithWhatIsFree(turn);
        TenantReturns.GiveBackFreed(turn);
        TenantSoftLimits.Cross(turn);
        return new Decision(answer, turn.Entries, turn.Awaited) { LacksParentsMoney = turn.LacksParentsMoney };
    }

    /// <summary>Asks for the memory that a decision is going to touch.</summary>
    internal void Prefetch() => state.Prefetch();

    /// <summary>Decides what another ledger says.</summary>
    /// <param name="message">The message.</param>
    /// <param name="evidence">What was read of the store after it came, if anything.</param>
    /// <param name="now">The clock.</param>
    internal Received Receive(LedgerMessage message, Evidence evidence, DateTimeOffset now)
    {
        var turn = new Turn(state, null, LookUps.None, BetweenTime.Of(message.Time, now));
        var received = message switch
        {
            Invitation invitation => HolderSide.Receive(turn, invitation, evidence, now),
            ParentWord word => HolderSide.Receive(turn, word, evidence),
            HolderWord word => ParentSide.Receive(turn, word, evidence),
            AdmissionRequest request => TenantAdmission.Admit(turn, request),
            DefaultsRequest request => Inheritance.Answered(turn, request),
            DefaultsAnswer answer => Inheritance.Hear(turn, answer),
            _ => throw new NotSupportedException($"{message.GetType().Name} is not a message between ledgers."),
        };
        RowRules.CoverWithWhatIsFree(turn);
        TenantSoftLimits.Cross(turn);
        return received with { Entries = turn.Entries };
    }

    /// <summary>The answer to an operation that was awaited, from the entry that ends it; null for any other entry.</summary>
    internal SessionAnswer? AnswerTo(long intentSequence, Entry entry) => IntentRules.AnswerOf(state.Head, intentSequence, entry);

    /// <summary>
    /// What an open reservation is for, or one that was given back and is settled late, so that the call can be priced as it was
    /// reserved; null where nothing is known of it.
    /// </summary>
    /// <param name="command">The settlement.</param>
    /// <param name="lookUps">What was looked up for it.</param>
    public Call? FindReservedCall(SettleCommand command, LookUps lookUps) =>
        state.FindOpen(command.ReservationId)?.Call ?? lookUps.Target?.Call;

    private static SessionAnswer Decide(Turn turn, SessionCommand command, PricedUsage? price)
    {
        if (TenantLedgers.IsId(turn.Head.SessionId) ? !command.IsForTenant : !command.IsForSession)
            return turn.Refuse(RefusalReason.NotForTenant);
        if (command.BeginsTenant)
            TenantRules.Begin(turn);
        else
            TenantRules.GoOn(turn);
        if (!command.IsForOpenSession)
            return command.Decide(turn);
        ExpiryRules.Expire(turn);
        RowRules.CoverWithWhatIsFree(turn);
        if (!turn.Head.IsOpened)
            return turn.Refuse(TenantLedgers.IsId(turn.Head.SessionId) ? RefusalReason.TenantUnknown : RefusalReason.SessionUnknown);
        if (!command.NeedsPrice)
            return command.Decide(turn);
        return price is null ? turn.Refuse(RefusalReason.UnknownModel) : command.PricedAt(price).Decide(turn);
    }

    /// <summary>Expires what is due: reservations, then the session itself.</summary>
    public IReadOnlyList<Entry> ExpireDue(DateTimeOffset now)
    {
        var turn = new Turn(state, null, LookUps.None, now);
        if (Head.IsOpened)
        {
            TenantRules.Begin(turn);
            ExpiryRules.Expire(turn);
            TenantGrants.Tick(turn);
            if (state.NeedsOrNull?.EndQuiet(turn.Time) == true)
                TenantGrants.AskForTheRest(turn);
        }

        RowRules.CoverWithWhatIsFree(turn);
        TenantSoftLimits.Cross(turn);
        return turn.Entries;
    }

    /// <summary>When <see cref="ExpireDue"/> next has something to do at the earliest; it may be early, never late.</summary>
    public DateTimeOffset NextDue => ExpiryRules.NextDue(state);

    // The same intent waits for the same end; another one has to take another key.
    private static Decision Join(Turn turn, Intent intent) =>
        intent.BodyHash == turn.BodyHash
            ? new Decision(turn.Await(intent.Sequence), [], intent.Sequence)
            : new Decision(turn.Refuse(RefusalReason.KeyConflict), []);

    private static SessionAnswer Replay(Turn turn, Entry prior) =>
        prior.BodyHash == turn.BodyHash ? SessionAnswer.Of(prior, isReplay: true) : turn.Refuse(RefusalReason.KeyConflict);
}

/// <summary>An answer, and the entries that must be durable before it may be given.</summary>
/// <param name="Answer">The answer.</param>
/// <param name="Entries">The entries written, oldest first; empty for a replay and for most refusals.</param>
public readonly record struct Decision(SessionAnswer Answer, IReadOnlyList<Entry> Entries)
{
    internal Decision(SessionAnswer answer, IReadOnlyList<Entry> entries, long awaited)
        : this(answer, entries) => Awaited = awaited;

    /// <summary>The operation whose end is the answer, when another ledger has to do its part first; 0 otherwise.</summary>
    internal long Awaited { get; }

    /// <summary>Whether it was refused for lack of the parent's money alone: to be decided again when the parent has answered.</summary>
    internal bool LacksParentsMoney { get; init; }

    /// <summary>The answer once the operation that is awaited has ended: the one of the entry that ends it, or, of somebody else's
    /// operation, that it is so.</summary>
    internal SessionAnswer AnswerBy(SessionAnswer end) =>
        Answer.IsUnchanged ? new SessionAnswer { Standing = end.Standing, IsUnchanged = true } : end;
}
