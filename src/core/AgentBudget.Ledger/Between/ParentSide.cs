namespace AgentBudget.Ledger.Between;

/// <summary>What a ledger decides as the parent of holders.</summary>
internal static class ParentSide
{
    /// <summary>Decides what a holder says, and answers with all that the holder has to know.</summary>
    public static Received Receive(Turn turn, HolderWord word, Evidence evidence)
    {
        var head = turn.Head;
        if (head.IsOpened && head.End == EndReason.None)
            ExpiryRules.Expire(turn);
        // What is said in place of a holder wants no answer: two that do not know each other would go on for ever.
        if (word.State != HolderState.Known)
            return Forget(turn, word);
        if (!head.IsOpened || head.Life != word.ParentLife)
            return evidence.IsProven ? new Received(Nothing(turn, word, ParentState.Gone), turn.Entries) : NeedsEvidence(turn);
        if (word.WantsProof && !evidence.IsProven)
            return NeedsEvidence(turn);
        if (Find(turn, word, evidence) is not { } row)
            return Unknown(turn, word, evidence);
        if (row.IsOpen)
            turn.State.Holders.Told(word.HolderId, word.HoldSpread);
        if (row.HolderLife == 0)
            row = Register(turn, row, word);
        // A number ahead of what is known here: this activation is stale, or the store was restored to an earlier moment.
        if (word.Granted > row.Granted || word.HoldNumber > turn.Head.HoldNumber)
        {
            if (!evidence.IsProven)
                return NeedsEvidence(turn);
            row = CatchUp(turn, row, word);
        }

        var isDiverged = word.Report is { } told && ReportRules.IsDiverged(row, told);
        if (word.Report is { } report)
            row = ReportRules.Book(turn, row, report);
        var refused = word.AtLeast > row.Granted ? Ask(turn, ref row, word) : null;
        IntentRules.TryEnd(turn);
        var answer = Word(turn.Head, row, turn.Time);
        return new Received(
            answer is ParentWord spoken
                ? spoken with
                {
                    HolderLife = word.HolderLife,
                    Refused = refused,
                    RefusedAsk = word.Ask,
                    IsDiverged = isDiverged,
                    IsProven = evidence.IsProven,
                }
                : answer,
            turn.Entries
        );
    }

    /// <summary>What is to be said to a holder: absolute, and all of it every time.</summary>
    public static LedgerMessage Word(SessionHead head, HolderRow row, DateTimeOffset now)
    {
        var time = now > head.LastEntryAt ? now : head.LastEntryAt;
        if (row is { HolderLife: 0, Options: { } options })
        {
            return new Invitation
            {
                HolderId = row.HolderId,
                ParentId = head.SessionId,
                ParentLife = head.Life,
                RowNumber = row.Mark,
                Time = time,
                Options = options,
            };
        }

        return new ParentWord
        {
            HolderId = row.HolderId,
            HolderLife = row.HolderLife,
            ParentId = head.SessionId,
            ParentLife = head.Life,
            RowNumber = row.Mark,
            Time = time,
            Granted = row.Granted,
            GivenBack = row.GivenBack,
            Spent = row.Spent,
            Through = row.ReportedThrough,
            Epoch = row.Epoch,
            HoldNumber = head.HoldNumber,
            IsHeld = head.Breaker.PausedBy != PauseSources.None,
            // A closed row stays closed: a holder that lives again, because its store was restored, has to end.
            IsStop = head.IsOver || !row.IsOpen,
            IsClosed = !row.IsOpen,
        };
    }

    /// <summary>Closes a row by which no money can be spent any more.</summary>
    public static void Close(Turn turn, HolderRow row, HolderEnd end, RefusalReason refused)
    {
        var closed = row with { End = end, ClosedAt = turn.Time, Options = null, Intent = null, Uncovered = Money.Zero };
        turn.WriteUnasked(
            new Entry
            {
                Kind = EntryKind.HolderClosed,
                Amount = row.SetAside,
                Child = row.HolderId,
                Related = row.Number,
                WouldRefuse = refused,
                Holder = new HolderChange
                {
                    Row = closed,
                    WasOpen = true,
                    SetAsideBefore = row.SetAside,
                },
            }
        );
    }

    /// <summary>A row with more of the parent's money out, covered as far as the parent's budget goes.</summary>
    public static HolderRow Covered(SessionHead head, HolderRow before, HolderRow after)
    {
        var free = Money.Max(Money.Zero, head.Budget - head.Reserved + before.SetAside);
        return after with { Uncovered = Money.Max(Money.Min(after.Uncovered, after.Out), after.Out - Money.Min(after.Out, free)) };
    }

    private static HolderRow? Find(Turn turn, HolderWord word, Evidence evidence)
    {
        var rows = turn.State.Holders;
        if (evidence.IsProven)
            rows.Forget(evidence.AsOf);
        if (
            rows.Open.TryGetValue(word.HolderId, out var open)
            && (open.HolderLife == word.HolderLife || (open.HolderLife == 0 && open.Mark == word.RowNumber))
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
        var isOwed = word.Granted > Money.Zero || word.Spent > Money.Zero;
        if (!isOwed || word.Report is not { From: 0, To: > 0 } report)
            return new Received(Nothing(turn, word, ParentState.NoRow), turn.Entries);
        if (turn.State.Holders.Open.ContainsKey(word.HolderId))
            return new Received(Nothing(turn, word, ParentState.NoRow), turn.Entries);
        var row = Adopt(turn, word);
        row = ReportRules.Book(turn, row, report);
        return new Received(Word(turn.Head, row, turn.Time), turn.Entries);
    }

    private static HolderRow Adopt(Turn turn, HolderWord word)
    {
        var empty = new HolderRow
        {
            Number = turn.Head.Sequence + 1,
            HolderId = word.HolderId,
            HolderLife = word.HolderLife,
            OpenedAt = turn.Time,
        };
        var row = Covered(turn.Head, empty, empty with { Granted = word.Granted, Epoch = word.Report!.Epoch });
        turn.WriteUnasked(
            new Entry
            {
                Kind = EntryKind.HolderRestored,
                Amount = row.Granted,
                Child = row.HolderId,
                Holder = new HolderChange { Row = row, HoldNumber = word.HoldNumber > turn.Head.HoldNumber ? word.HoldNumber + 1 : 0 },
            }
        );
        return row;
    }

    private static HolderRow CatchUp(Turn turn, HolderRow row, HolderWord word)
    {
        var next = Covered(turn.Head, row, row with { Granted = Money.Max(row.Granted, word.Granted) });
        turn.WriteUnasked(
            new Entry
            {
                Kind = EntryKind.HolderRestored,
                Amount = next.Granted - row.Granted,
                Child = row.HolderId,
                Holder = new HolderChange
                {
                    Row = next,
                    WasOpen = row.IsOpen,
                    SetAsideBefore = row.SetAside,
                    HoldNumber = word.HoldNumber > turn.Head.HoldNumber ? word.HoldNumber + 1 : 0,
                },
            }
        );
        return next;
    }

    private static Received Forget(Turn turn, HolderWord word)
    {
        var isMine = turn.Head.IsOpened && turn.Head.Life == word.ParentLife;
        if (!isMine || !turn.State.Holders.Open.TryGetValue(word.HolderId, out var row))
            return new Received(null, turn.Entries);
        if (word.State == HolderState.Taken && row.HolderLife == 0 && row.Mark == word.RowNumber)
            Close(turn, row, HolderEnd.Declined, RefusalReason.AlreadyOpen);
        else if (word.State == HolderState.Unknown && row.HolderLife == word.HolderLife && row.HolderLife != 0)
            Close(turn, row, HolderEnd.Lost, RefusalReason.SessionUnknown);
        IntentRules.TryEnd(turn);
        return new Received(null, turn.Entries);
    }

    // The fence of the opening: only a ledger that writes this is one that may say that there is money.
    private static HolderRow Register(Turn turn, HolderRow row, HolderWord word)
    {
        var registered = row with { HolderLife = word.HolderLife, Options = null, Intent = null };
        turn.Complete(
            row.Intent!,
            new Entry
            {
                Kind = EntryKind.HolderRegistered,
                Amount = row.Granted,
                Child = row.HolderId,
                Related = row.Number,
                Holder = new HolderChange
                {
                    Row = registered,
                    WasOpen = true,
                    SetAsideBefore = row.SetAside,
                },
            }
        );
        return registered;
    }

    /// <summary>Grants everything that waits, or what the first lacks, or refuses.</summary>
    private static RefusalReason? Ask(Turn turn, ref HolderRow row, HolderWord word)
    {
        var head = turn.Head;
        if (!row.IsOpen || head.IsOver)
            return RefusalReason.SessionEnded;
        if (head.Breaker.State != BreakerState.Closed)
            return ReserveRules.ReasonOf(head.Breaker);
        RefusalReason? refused = null;
        foreach (var granted in new[] { Money.Max(word.All, word.AtLeast), word.AtLeast })
        {
            var next = row with { Granted = granted };
            // What the holder spent beyond its money stands in spent already: only what comes out in addition has to be free.
            var verdict = ReserveRules.JudgeAmount(head, next.Out - row.Out, least: null, isFinal: false);
            refused = verdict.Reason;
            if (verdict.Reason != RefusalReason.None)
                continue;
            turn.WriteUnasked(
                new Entry
                {
                    Kind = EntryKind.HolderGranted,
                    Amount = granted - row.Granted,
                    Child = row.HolderId,
                    Holder = new HolderChange
                    {
                        Row = next,
                        WasOpen = true,
                        SetAsideBefore = row.SetAside,
                    },
                }
            );
            row = next;
            return null;
        }

        return refused;
    }

    private static ParentWord Nothing(Turn turn, HolderWord word, ParentState state) =>
        new()
        {
            HolderId = word.HolderId,
            HolderLife = word.HolderLife,
            ParentId = word.ParentId,
            ParentLife = word.ParentLife,
            RowNumber = word.RowNumber,
            Time = turn.Time,
            Granted = Money.Zero,
            GivenBack = Money.Zero,
            Spent = Money.Zero,
            Through = 0,
            Epoch = 0,
            HoldNumber = 0,
            IsHeld = false,
            State = state,
        };
}
