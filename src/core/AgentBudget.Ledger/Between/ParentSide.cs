using AgentBudget.Ledger.Tenants;

namespace AgentBudget.Ledger.Between;

/// <summary>What a ledger decides as the parent of holders.</summary>
internal static class ParentSide
{
    /// <summary>Decides what a holder says, and answers with all that the holder has to know.</summary>
    public static Received Receive(Turn turn, HolderWord word, Evidence evidence) =>
        Inheritance.Answered(turn, word, Hear(turn, word, evidence));

    private static Received Hear(Turn turn, HolderWord word, Evidence evidence)
    {
        TenantRules.Begin(turn);
        var head = turn.Head;
        if (head.IsOpened && head.End == EndReason.None)
            ExpiryRules.Expire(turn);
        // What is said in place of a holder wants no answer: two that do not know each other would go on for ever.
        if (word.State != HolderState.Known)
            return Forget(turn, word);
        var isHere = head.IsOpened && head.Life == word.ParentLife;
        if ((!isHere || word.WantsProof) && !evidence.IsProven)
            return NeedsEvidence(turn);
        if (!isHere)
            return new Received(ParentSpeech.Nothing(turn, word, ParentState.Gone), turn.Entries);
        if (Find(turn, word, evidence) is not { } row)
            return Unknown(turn, word, evidence);
        if (row.IsOpen)
        {
            turn.State.Holders.Told(word.HolderId, word.HoldSpread);
            turn.State.Holders.Count(word);
        }

        if (row.HolderLife == 0)
            row = RowRules.Register(turn, row, word);
        // A number ahead of what is known here: this activation is stale, or the store was restored to an earlier moment.
        var isAhead = word.Granted > row.Granted || word.HoldNumber > turn.Head.HoldNumber;
        if (isAhead && !evidence.IsProven)
            return NeedsEvidence(turn);
        if (isAhead)
            row = RowRules.CatchUp(turn, row, word);
        return Answer(turn, row, word, evidence.IsProven);
    }

    private static Received Answer(Turn turn, HolderRow row, HolderWord word, bool isProven)
    {
        var isDiverged = word.Report is { } told && ReportRules.IsDiverged(row, told);
        if (word.Report is { } report)
        {
            var before = row.GivenBack;
            row = ReportRules.Book(turn, row, report);
            if (row.GivenBack > before)
                turn.State.DeskOrNull?.GaveBack(row.HolderId, row.GivenBack - before);
        }

        var wantsMore = word.AtLeast > row.Granted || (turn.Head.Tenant is not null && word.Wish > row.Granted);
        if (wantsMore)
        {
            // What came free in this very turn covers what is out before it is given out again.
            RowRules.CoverWithWhatIsFree(turn);
            row = row.IsOpen ? turn.State.Holders.Open[row.HolderId] : row;
        }

        var isPending = false;
        var refused =
            turn.Head.Tenant is not null ? AnswerTenants(turn, ref row, word, out isPending)
            : word.AtLeast > row.Granted ? RowRules.Grant(turn, ref row, word)
            : null;
        IntentRules.TryEnd(turn);
        var answer = ParentSpeech.Word(turn.Head, row, turn.Time);
        if (answer is ParentWord spoken)
            answer = OfTenant(
                turn,
                spoken with
                {
                    HolderLife = word.HolderLife,
                    Refused = refused,
                    RefusedAsk = word.Ask,
                    IsDiverged = isDiverged,
                    IsProven = isProven,
                    IsPending = isPending,
                }
            );
        return new Received(answer, turn.Entries);
    }

    private static ParentWord OfTenant(Turn turn, ParentWord spoken)
    {
        if (turn.Head.Tenant is null)
            return spoken;
        var by = spoken.Refused is { } refused ? TenantGrants.ByOf(turn, refused) : null;
        var word = turn.State.DeskOrNull?.Take(spoken.HolderId) ?? TenantWord.Nothing;
        return spoken with
        {
            RefusedBy = by?.Path,
            AvailableThere = by?.Available ?? Money.Zero,
            Recall = word.Recall,
            RecallSince = word.RecallSince,
        };
    }

    // What has come back serves those who wait before this one asks.
    private static RefusalReason? AnswerTenants(Turn turn, ref HolderRow row, HolderWord word, out bool isPending)
    {
        turn.State.DeskOrNull?.Answered(word.HolderId, word.Recalled, turn.Time);
        // What it spent beyond its money it lacks no more.
        if (turn.State.DeskOrNull is { } desk && row.IsOverspent)
            desk.LeastLacked = Money.Zero;
        TenantGrants.Widen(turn);
        TenantGrants.Tick(turn);
        TenantGrants.Serve(turn, isHurried: true);
        if (turn.State.Holders.Open.TryGetValue(word.HolderId, out var current) && current.Number == row.Number)
            row = current;
        isPending = false;
        if (word.AtLeast <= row.Granted && word.Wish <= row.Granted)
            return null;
        // Its own answer has ended the recall that was made for it: asked for once more, that would go on for ever.
        if (turn.State.DeskOrNull?.RefusalOf(word) is { } refusal)
            return refusal;
        return TenantGrants.Answer(turn, ref row, word, out isPending);
    }

    private static HolderRow? Find(Turn turn, HolderWord word, Evidence evidence)
    {
        var rows = turn.State.Holders;
        if (evidence.IsProven)
            rows.Forget(evidence.AsOf);
        if (
            rows.Open.TryGetValue(word.HolderId, out var open)
            && (open.HolderLife == word.HolderLife || (open.HolderLife == 0 && open.Mark == word.RowMark))
        )
            return open;
        return rows.FindClosed(word.HolderId, word.HolderLife) ?? (IsFresh(turn, evidence) ? evidence.Row : null);
    }

    // What was read is of use only if nothing has been forgotten here since that it cannot have seen.
    private static bool IsFresh(Turn turn, Evidence evidence) => evidence.IsProven && evidence.AsOf >= turn.State.Holders.ForgottenThrough;

    private static Received NeedsEvidence(Turn turn) => new(null, turn.Entries, NeedsEvidence: true);

    private static Received Unknown(Turn turn, HolderWord word, Evidence evidence)
    {
        if (!IsFresh(turn, evidence))
            return NeedsEvidence(turn);
        // A holder that has money of this life of the ledger, and no row: the row was lost when the store was restored.
        // One whose costs were all taken back is taken up as well: an earlier report, still on its way, would otherwise be believed once
        // the holder is gone.
        var isOwed =
            word.Granted > Money.Zero
            || word.Spent > Money.Zero
            || word.Report is { Breakdown.Categories.Count: > 0 }
            || turn.Head.Tenant is not null;
        if (!isOwed || word.Report is not { From: 0, To: > 0 } report)
            return new Received(ParentSpeech.Nothing(turn, word, ParentState.NoRow), turn.Entries);
        if (turn.State.Holders.Open.ContainsKey(word.HolderId))
            return new Received(ParentSpeech.Nothing(turn, word, ParentState.NoRow), turn.Entries);
        var row = RowRules.Adopt(turn, word);
        row = ReportRules.Book(turn, row, report);
        return new Received(ParentSpeech.Word(turn.Head, row, turn.Time), turn.Entries);
    }

    private static Received Forget(Turn turn, HolderWord word)
    {
        var isMine = turn.Head.IsOpened && turn.Head.Life == word.ParentLife;
        if (!isMine || !turn.State.Holders.Open.TryGetValue(word.HolderId, out var row))
            return new Received(null, turn.Entries);
        // Somebody who was admitted may be about to be opened, whoever has the id now.
        var isAwaited = row.AdmittedAt is { } admitted && turn.Time - admitted < TenantAdmission.AdmissionIsKept;
        if (word.State == HolderState.Taken && row.HolderLife == 0 && row.Mark == word.RowMark && !isAwaited)
            RowRules.Close(turn, row, HolderEnd.Declined, RefusalReason.AlreadyOpen);
        // A tenant's ledger that is not there has been restored to before its beginning, and comes again.
        else if (
            word.State == HolderState.Unknown
            && !TenantLedgers.IsId(word.HolderId)
            && row.HolderLife == word.HolderLife
            && row.HolderLife != 0
        )
            RowRules.Close(turn, row, HolderEnd.Lost, RefusalReason.SessionUnknown);
        IntentRules.TryEnd(turn);
        return new Received(null, turn.Entries);
    }
}
