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
            || link.Epoch > state.ParentKnowsEpoch
            || (state.Head.End == EndReason.None && AtLeast(state.Head) > link.Granted);
    }

    /// <summary>The next entries that the parent has to be told of: after the first, through the second; none when they are equal.</summary>
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
        return new HolderWord
        {
            HolderId = head.SessionId,
            HolderLife = head.Life,
            ParentId = link.ParentId,
            ParentLife = link.ParentLife,
            RowNumber = link.RowNumber,
            Time = now > head.LastEntryAt ? now : head.LastEntryAt,
            Granted = link.Granted,
            Spent = head.Spent,
            HoldNumber = link.HoldNumber,
            HoldSpread = !state.HasHolders || state.Holders.NotTold(head.HoldNumber) == 0 ? link.HoldNumber : 0,
            AtLeast = head.End == EndReason.None ? AtLeast(head) : Money.Zero,
            All = head.End == EndReason.None ? link.Granted + IntentRules.AllLack(head) : Money.Zero,
            WantsProof = state.WantsProof && !state.IsParentHeard,
            Ask = head.End == EndReason.None ? IntentRules.FirstAsking(head)?.Sequence ?? 0 : 0,
            Report =
                link.Epoch > state.ParentKnowsEpoch ? ReportRules.OfAll(head)
                : entries.Count > 0 ? ReportRules.Of(entries, link.Epoch)
                : null,
        };
    }

    /// <summary>What is said in place of a holder that is not there.</summary>
    public static HolderWord Stranger(Turn turn, LedgerMessage message, long life, HolderState state) =>
        new()
        {
            HolderId = message.HolderId,
            HolderLife = life,
            ParentId = message.ParentId,
            ParentLife = message.ParentLife,
            RowNumber = message.RowNumber,
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
