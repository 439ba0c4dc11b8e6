using AgentBudget.Ledger.Tenants;

namespace AgentBudget.Ledger.Between;

/// <summary>What a holder has to say to its parent: what it has, what it did, and what it asks for.</summary>
internal static class HolderSpeech
{
    /// <summary>Stands for a parent that has no row: it has to hear of everything, news or not.</summary>
    public const long NoRow = -1;

    /// <summary>Whether something is to be asked for or told.</summary>
    public static bool Owes(SessionState state)
    {
        if (state.Head.Link is not { } link)
            return false;
        // One word at the beginning of an activation: what was restored to an earlier moment finds out by the answer.
        if (!state.IsParentHeard)
            return true;
        if (link.IsParentGone)
            return false;
        var (after, through) = ToReport(state);
        return after < through
            || state.InheritanceOrNull is { IsWanted: true }
            || link.Epoch > state.ParentKnowsEpoch
            || (state.Head.End == EndReason.None && (link.IsCarved ? AtLeast(state.Head) > link.Granted : WantsSlice(state)));
    }

    /// <summary>The next entries that the parent has to be told of: after the first, through the second; none when they are
    /// equal.</summary>
    public static (long After, long Through) ToReport(SessionState state) =>
        state.ParentKnowsThrough == NoRow ? (0, state.Head.Sequence)
        : state.Head.Link is { IsParentGone: false } link
        && link.LastNews > state.ParentKnowsThrough
        && link.Epoch <= state.ParentKnowsEpoch
            ? (state.ParentKnowsThrough, link.LastNews)
        : (0, 0);

    /// <summary>All that the parent has to know, with a report of the entries given.</summary>
    public static HolderWord Word(SessionState state, IReadOnlyList<Entry> entries, DateTimeOffset now)
    {
        var (head, link) = (state.Head, state.Head.Link!);
        var below = state.HoldCount();
        var word = new HolderWord
        {
            HolderId = head.SessionId,
            HolderLife = head.Life,
            ParentId = link.ParentId,
            ParentLife = link.ParentLife,
            RowMark = link.RowMark,
            Time = now > head.LastEntryAt ? now : head.LastEntryAt,
            Granted = link.Granted,
            Spent = head.Spent,
            HoldNumber = link.HoldNumber,
            WrittenBelow = below.Written,
            NotWrittenBelow = below.NotWritten,
            HoldSpread = SpreadOf(state, link),
            WantsProof = state.WantsProof && !state.IsParentHeard,
            Policy = link.Policy,
            WantsInherited = Inheritance.IsAskedFor(state),
            InheritedMark = state.InheritanceOrNull is { IsWanted: true, Heard: { } inherited } ? inherited.Mark : 0,
            Report =
                link.Epoch > state.ParentKnowsEpoch ? ReportRules.OfAll(head)
                : entries.Count > 0 ? ReportRules.Of(head, entries, Inheritance.TagNamesOf(state))
                : null,
        };
        return head.End != EndReason.None ? word
            : link.IsCarved ? WithAsk(word, head)
            : WithSlice(word, state, now);
    }

    // Whoever has ended has written every hold that there will be.
    private static long SpreadOf(SessionState state, ParentLink link) =>
        state.Head.End != EndReason.None ? long.MaxValue
        : !state.HasHolders || state.Holders.NotTold(state.Head.HoldNumber).Count == 0 ? link.HoldNumber
        : 0;

    /// <summary>Whether money of the tenant is to be asked for, or a recall is to be answered.</summary>
    private static bool WantsSlice(SessionState state) =>
        state.NeedsOrNull is { } needs
        && ((needs.IsOpen && !needs.IsPending) || needs.IsRecallDone || needs.WantsAhead(state.Head, state.Head.LastEntryAt));

    private static HolderWord WithAsk(HolderWord word, SessionHead head) =>
        word with
        {
            AtLeast = AtLeast(head),
            All = word.Granted + IntentRules.AllLack(head),
            Ask = IntentRules.FirstAsking(head)?.Sequence ?? 0,
        };

    // All of it as totals of what was granted: what is given back, spent and set aside has to be covered first.
    private static HolderWord WithSlice(HolderWord word, SessionState state, DateTimeOffset now)
    {
        if (state.NeedsOrNull is not { } needs)
            return word;
        var (head, link) = (state.Head, state.Head.Link!);
        word = word with { Ask = needs.Number };
        // Not before what was given back is told with it: the parent would end its recall without it.
        if (TellsAll(word, state))
        {
            needs.TellRecall();
            word = word with { Recalled = needs.RecallAnswered };
        }

        if (!needs.IsOpen && !needs.WantsAhead(head, now))
            return word;
        var used = head.Spent + head.Reserved + link.GivenBack;
        var slice = link.Policy == HolderPolicy.Sliced ? needs.Slice(head, now) : Money.Zero;
        // In hand, all told: what its own limits or its budget keep from going out is of no use.
        var most = TenantLimits.OwnRoom(head);
        if (!needs.IsOpen)
        {
            needs.AskedAhead(now);
            return word with { Wish = Money.Min(Money.Max(used, link.Granted) + slice, used + most), Amount = needs.Call };
        }

        needs.Asked(now);
        var least = used + needs.First.Least;
        var all = Money.Max(least, used + needs.All);
        return word with
        {
            AtLeast = least,
            All = all,
            Wish = used + Money.Max(needs.All, Money.Min(needs.Wishes + slice, most)),
            Amount = needs.First.Amount,
            Since = needs.First.Since,
            IsPatient = needs.IsPatient || state.DeskOrNull?.Line.Any(waiter => waiter.IsThere(now)) == true,
        };
    }

    private static bool TellsAll(HolderWord word, SessionState state)
    {
        var (after, through) = ToReport(state);
        return after == through || word.Report?.To >= through;
    }

    /// <summary>What is said in place of a holder that is not there.</summary>
    public static HolderWord Stranger(Turn turn, LedgerMessage message, long life, HolderState state) =>
        new()
        {
            HolderId = message.HolderId,
            HolderLife = life,
            ParentId = message.ParentId,
            ParentLife = message.ParentLife,
            RowMark = message.RowMark,
            Time = turn.Time,
            State = state,
        };

    // Before anything was granted it asks for what it was opened with; after that for what its first operation lacks.
    private static Money AtLeast(SessionHead head)
    {
        var link = head.Link!;
        if (link.Granted == Money.Zero)
            return head.Options!.Budget;
        return IntentRules.FirstAsking(head) is { } intent ? link.Granted + IntentRules.Lacks(intent, head.Budget) : Money.Zero;
    }
}
