using AgentBudget.Ledger;
using AgentBudget.Ledger.Between;
using AgentBudget.Ledger.Lines;
using AgentBudget.Ledger.Tenants;

namespace AgentBudget;

// What it says to other ledgers, and what it owes them.
public sealed partial class SessionLedger
{
    /// <summary>The rows of those who hold money of it, by holder.</summary>
    internal IReadOnlyDictionary<string, HolderRow> OpenHolders => state.HasHolders ? state.Holders.Open : HolderRows.None;

    /// <summary>The next entries that the parent has to be told of: after the first, through the second; none when they are
    /// equal.</summary>
    internal (long After, long Through) ToReport => HolderSpeech.ToReport(state);

    /// <summary>The last entry that the parent is known to need no more, to be told of it: all where there is no parent, 0 while it is not
    /// known.</summary>
    internal long ToldThrough =>
        state.Head.Link is null ? state.Head.Sequence
        : state.IsParentHeard ? Math.Max(0, state.ParentKnowsThrough)
        : 0;

    /// <summary>Whether the parent has to be asked or told something.</summary>
    internal bool OwesParent => HolderSpeech.Owes(state);

    /// <summary>What is to be said to the parent, with a report of the entries given; to be sent when all that was decided is
    /// durable.</summary>
    /// <param name="entries">Entries from the first of <see cref="ToReport"/> on, oldest first and without gaps; empty for no
    /// report.</param>
    /// <param name="now">The clock.</param>
    internal HolderWord WordForParent(IReadOnlyList<Entry> entries, DateTimeOffset now) => HolderSpeech.Word(state, entries, now);

    /// <summary>What is to be said to a holder: an invitation as long as it has not registered, and where it stands after that.</summary>
    /// <param name="row">The holder's row.</param>
    /// <param name="now">The clock.</param>
    /// <param name="wantsAnswer">Whether it is to answer even if it has nothing to tell.</param>
    /// <param name="wantsProof">Whether it is to look at its store before.</param>
    internal LedgerMessage WordForHolder(HolderRow row, DateTimeOffset now, bool wantsAnswer = false, bool wantsProof = false)
    {
        if (ParentSpeech.Word(state.Head, row, now) is not ParentWord word)
        {
            // It registers first, and hears the rest as the answer to that.
            state.DeskOrNull?.Keep(row.HolderId);
            return ParentSpeech.Word(state.Head, row, now);
        }

        return word.With(state.DeskOrNull?.Take(row.HolderId) ?? TenantWord.Nothing) with
        {
            WantsAnswer = wantsAnswer,
            WantsProof = wantsProof,
        };
    }

    /// <summary>What a session that is to be opened asks its tenant; null where its id names none, or it is open.</summary>
    /// <param name="command">The opening.</param>
    /// <param name="mustBeSet">Whether a tenant that was never set refuses.</param>
    /// <param name="now">The clock.</param>
    /// <param name="isByItself">Whether nobody asked for it, and the tenant has to say that sessions open by themselves.</param>
    /// <param name="ofOthers">The tenant of sessions whose ids name none; null for none.</param>
    internal AdmissionRequest? RequestFor(
        OpenCommand command,
        bool mustBeSet,
        DateTimeOffset now,
        bool isByItself = false,
        TenantPath? ofOthers = null
    ) =>
        Head.IsOpened
        || (SessionIds.TenantOf(Head.SessionId) ?? ofOthers) is not { } tenant
        || (command.Options.Tenant is { } said && said != tenant)
            ? null
            : new AdmissionRequest
            {
                HolderId = Head.SessionId,
                ParentId = TenantLedgers.IdOf(tenant),
                ParentLife = TenantLedgers.Life,
                RowMark = 0,
                Time = now,
                Options = command.Options with { Tenant = tenant },
                BodyHash = command.HashBody(),
                MustBeSet = mustBeSet,
                IsByItself = isByItself,
            };

    /// <summary>Whether the parent is to be asked or answered without delay: somebody waits.</summary>
    internal bool HurriesParent =>
        (state.NeedsOrNull is { } needs && ((needs.IsOpen && !needs.IsPending) || needs.IsRecallDone))
        || state.InheritanceOrNull is { IsWanted: true };

    /// <summary>Whether a tenant has to ask the one above for its defaults before it opens a session.</summary>
    internal bool LacksInheritance(DateTimeOffset now) => Inheritance.IsLacking(state, now);

    /// <summary>What a tenant of which nothing is known yet asks for that; null where its words to the one above ask.</summary>
    internal DefaultsRequest? RequestForDefaults(DateTimeOffset now) => Inheritance.Request(Head, now);

    /// <summary>Has a tenant ask for them.</summary>
    internal void WantInheritance() => state.Inheritance.Want();

    /// <summary>Names what is asked of the parent.</summary>
    internal long AskNumber => state.NeedsOrNull?.Number ?? 0;

    /// <summary>Whether a message answers a request for admission.</summary>
    internal static bool IsAnswer(LedgerMessage? message, AdmissionRequest request) =>
        message switch
        {
            Invitation invitation => invitation.AskedAt == request.Time,
            ParentWord { HolderLife: 0, Refused: not null } word => word.RefusedAsk == request.Time.UtcTicks,
            _ => false,
        };

    /// <summary>Whether something that lacks the parent's money waits for its answer.</summary>
    internal bool AwaitsParent => state.NeedsOrNull is { IsOpen: true };

    /// <summary>Whether the parent has heard what is asked for, and answers later.</summary>
    internal bool IsParentsAnswerNear => state.NeedsOrNull is { IsPending: true };

    /// <summary>When something between a tenant and its holders is due by the clock: not stored, for what it is about is not.</summary>
    internal DateTimeOffset NextTick => state.DeskOrNull is { NextTick: var tick } && tick < NextAsk ? tick : NextAsk;

    // Calls, or holders, wait for money of a parent that has refused for a while, or does not answer.
    private DateTimeOffset NextAsk =>
        (state.LineOrNull is { Calls.Count: > 0 } || state.DeskOrNull is { Line.Count: > 0 })
        && state.NeedsOrNull is { AskAgainAt: var again }
        && again != default
            ? again
            : DateTimeOffset.MaxValue;

    /// <summary>Those who wait for its money; null as long as nobody ever did.</summary>
    internal ReserveLine? Line => state.LineOrNull;

    /// <summary>The calls to be asked for now: the first that waits, and while it may be passed those behind it that could
    /// fit.</summary>
    internal WaitingCall[] NextInLine(DateTimeOffset now) => state.LineOrNull?.ToTry(Limits.Room(Head, isFinal: false), now) ?? [];

    /// <summary>The answer to a command that is refused without being decided.</summary>
    internal SessionAnswer Refuse(RefusalReason reason, TimeSpan? retryAfter = null) =>
        new Turn(state, null, LookUps.None, Head.LastEntryAt).Refuse(reason, retryAfter);

    /// <summary>Takes a place in the line for a call that was refused for now; null when the line is full.</summary>
    internal WaitingCall? Wait(ReserveCommand command, DateTimeOffset now) => state.Line.Join(command, now);

    /// <summary>Whether a day, week or month of a tenant has ended: whoever looks at it begins the next. Nobody is woken for
    /// it.</summary>
    internal bool IsPastAWindow(DateTimeOffset now) => Head.Tenant is { } tenant && tenant.Windows.Any(window => window.End <= now);

    /// <summary>
    /// Has the parent asked again where it stands: by each sweep, so that what was restored to an earlier moment, on either side, is found
    /// out, and before a purge.
    /// </summary>
    /// <param name="isPurgeDue">Whether the parent has to read its store for the answer, for the last to know is about to go.</param>
    internal void DoubtParent(bool isPurgeDue = false) => state.DoubtParent(isPurgeDue);

    /// <summary>Forgets closed rows of holders that the store has, but for the last few.</summary>
    /// <param name="durableSequence">The last entry that the store has.</param>
    /// <param name="kept">How many it keeps all the same.</param>
    internal void ForgetClosed(long durableSequence, int kept = HolderRows.ClosedKept)
    {
        if (state.HasHolders)
            state.Holders.Forget(durableSequence, kept);
    }

    /// <summary>How many, at all levels, are known to have written the last hold, and how many are not.</summary>
    internal HoldCount HoldCount => state.HoldCount();

    /// <summary>Whether a holder, and all below it, is known to have written the last hold.</summary>
    internal bool HasWrittenHold(HolderRow row) => state.Holders.HasWritten(row, Head.HoldNumber);

    /// <summary>How many holders are not known to have written the last hold.</summary>
    internal int HoldersNotTold => state.HasHolders ? state.Holders.NotTold(Head.HoldNumber).Count : 0;

    /// <summary>Whether a holder has to be told something: to register, that there is a hold or none, or that the ledger ends.</summary>
    internal bool HasHoldersToTell =>
        Head.OpenHolders > 0
        && (Head.IsOver || state.Holders.Unregistered.Count > 0 || HoldersNotTold > 0 || state.DeskOrNull is { ToTell.Count: > 0 });

    /// <summary>Who has to be.</summary>
    internal HolderRow[] HoldersToTell =>
        !HasHoldersToTell ? []
        : Head.IsOver ? [.. OpenHolders.Values]
        :
        [
            .. state
                .Holders.Unregistered.Concat(state.Holders.NotTold(Head.HoldNumber))
                .Concat(state.DeskOrNull?.ToTell ?? [])
                .Distinct()
                .Where(OpenHolders.ContainsKey)
                .Select(id => OpenHolders[id]),
        ];

    /// <summary>Whom a tenant has something to say to beside where they stand: grants, refusals, recalls.</summary>
    internal IEnumerable<HolderRow> HoldersWithNews
    {
        get
        {
            foreach (var holderId in state.DeskOrNull?.ToTell ?? [])
            {
                if (OpenHolders.TryGetValue(holderId, out var row))
                    yield return row;
            }
        }
    }

    /// <summary>Whether a tenant has something to say to the holder beside where it stands.</summary>
    internal bool IsAtTheDesk(HolderRow row) => state.DeskOrNull?.Has(row.HolderId) == true;

    /// <summary>Whether one of them has to be.</summary>
    internal bool MustTell(HolderRow row) =>
        (row.HolderLife == 0 && row.Policy == HolderPolicy.Carved)
        || Head.IsOver
        || !state.Holders.HasWritten(row, Head.HoldNumber)
        || state.DeskOrNull?.Has(row.HolderId) == true;

    /// <summary>
    /// Whether nothing between ledgers needs it any more: it has ended, nobody has money of it, and its parent has booked everything, as
    /// it has said since it was last doubted. To be doubted when a purge is due, so that a parent that was restored to an earlier moment is
    /// told again before the last to know is gone.
    /// </summary>
    internal bool IsSettledBetween =>
        Head is { OpenHolders: 0 }
        && Head.End != EndReason.None
        && (Head.Link is not { } link || (state.IsParentHeard && !link.HasNews && !OwesParent));
}
