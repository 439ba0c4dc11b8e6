using AgentBudget.Ledger.Tenants;

namespace AgentBudget.Ledger.Between;

/// <summary>What a ledger decides as the holder of a parent's money.</summary>
internal static class HolderSide
{
    /// <summary>How far the openings of two lives are put apart at most.</summary>
    private static readonly TimeSpan MostApart = TimeSpan.FromMilliseconds(1);

    /// <summary>Registers, with no money: only a parent that knows of it grants any.</summary>
    public static Received Receive(Turn turn, Invitation invitation, Evidence evidence, DateTimeOffset clock)
    {
        var head = turn.Head;
        if (head.IsOpened)
        {
            var isTaken = !IsFrom(head, invitation);
            // A stale activation may know of a life that is gone from the store: the parent would give up the one that is there.
            if (isTaken && !evidence.IsProven)
                return new Received(null, turn.Entries, NeedsEvidence: true);
            if (isTaken)
                return new Received(HolderSpeech.Stranger(turn, invitation, 0, HolderState.Taken), turn.Entries);
            return new Received(HolderSpeech.Word(turn.State, [], turn.Time), turn.Entries);
        }

        // Ledger time can stand still while an id is lost and opened anew, even by a copy of one invitation: row and clock tell two lives
        // apart.
        turn.WriteAt(
            new Entry
            {
                Kind = EntryKind.Opened,
                Options = invitation.Options,
                Link = new ParentLink
                {
                    ParentId = invitation.ParentId,
                    ParentLife = invitation.ParentLife,
                    RowMark = invitation.RowMark,
                    Policy = invitation.Policy,
                },
                Amount = invitation.Policy == HolderPolicy.Carved ? Money.Zero : invitation.Options.Budget,
            },
            turn.Time.AddTicks(Math.Abs((invitation.RowMark ^ clock.UtcTicks) % MostApart.Ticks)),
            invitation.BodyHash
        );
        return new Received(HolderSpeech.Word(turn.State, [], turn.Time), turn.Entries);
    }

    public static Received Receive(Turn turn, ParentWord word, Evidence evidence)
    {
        if (word.WantsProof && !evidence.IsProven)
            return new Received(null, turn.Entries, NeedsEvidence: true);
        // A tenant's ledger that is told of itself was there, and was restored to before its beginning.
        if (!turn.Head.IsOpened && evidence.IsProven)
            TenantRules.Begin(turn);
        if (!turn.Head.IsOpened || turn.Head.Life != word.HolderLife)
            return NotHere(turn, word, evidence);
        if (turn.Head.Link is null || !IsFrom(turn.Head, word))
            return new Received(null, turn.Entries);
        TenantRules.GoOn(turn);
        ExpiryRules.Expire(turn);
        // Gone as long as its store did not have it: it was restored once more, and has to hear of everything.
        if (turn.Head.Link.IsParentGone && word.State != ParentState.Gone)
            turn.WriteUnasked(new Entry { Kind = EntryKind.ReportAcknowledged, Link = turn.Head.Link with { IsParentGone = false } });
        if (word.State != ParentState.Known)
        {
            turn.State.IsParentHeard = true;
            return Unknown(turn, word);
        }

        if (IsAhead(turn.Head, word))
        {
            // The parent has heard of something that does not stand here: this activation is stale, or the store was restored to an earlier
            // moment.
            if (!evidence.IsProven)
                return new Received(null, turn.Entries, NeedsEvidence: true);
            BeginEpoch(turn, word);
        }

        Hear(turn, word);
        if (turn.Head.Tenant is not null)
            turn.State.Inheritance.Hear(word, turn.Time);
        if (turn.Head.End == EndReason.None)
            FollowParent(turn, word);
        Acknowledge(turn, word);
        // What was called back is reported with the entries that gave it back, as soon as they are durable.
        var isReported = word.Recall > 0 && turn.State.NeedsOrNull is { IsRecallDone: true };
        return new Received(word.WantsAnswer && !isReported ? HolderSpeech.Word(turn.State, [], turn.Time) : null, turn.Entries);
    }

    private static Received NotHere(Turn turn, ParentWord word, Evidence evidence) =>
        evidence.IsProven
            ? new Received(HolderSpeech.Stranger(turn, word, word.HolderLife, HolderState.Unknown), turn.Entries)
            : new Received(null, turn.Entries, NeedsEvidence: true);

    // A parent that is behind what it said earlier has been restored, and has to be told.
    private static void Hear(Turn turn, ParentWord word)
    {
        turn.State.IsParentHeard =
            word.Granted >= turn.Head.Link!.Granted
            && word.HoldNumber >= turn.Head.Link.HoldNumber
            && (word.IsProven || !turn.State.WantsProof);
        (turn.State.ParentKnowsThrough, turn.State.ParentKnowsEpoch) = (word.Through, word.Epoch);
    }

    private static void BeginEpoch(Turn turn, ParentWord word)
    {
        var link = turn.Head.Link!;
        turn.WriteUnasked(
            new Entry
            {
                Kind = EntryKind.Restored,
                Link = link with { Epoch = Math.Max(word.Epoch, link.Epoch) + 1, AcknowledgedThrough = 0 },
            }
        );
    }

    private static bool IsAhead(SessionHead head, ParentWord word) =>
        word.Epoch > head.Link!.Epoch
        || (
            word.Epoch == head.Link.Epoch
            && (word.IsDiverged || word.Through > head.Sequence || word.GivenBack > head.Link.GivenBack || IsOther(head, word))
        );

    // Restored, and grown to where the parent's books end or past that: no report shows it, for there is no news.
    private static bool IsOther(SessionHead head, ParentWord word) =>
        word.Through >= head.Link!.LastNews
        && (word.Spent != head.Spent || word.GivenBack != head.Link.GivenBack || (head.End != EndReason.None && !word.IsClosed));

    private static bool IsFrom(SessionHead head, LedgerMessage message) =>
        head.Link is { } link
        && link.ParentId == message.ParentId
        && link.ParentLife == message.ParentLife
        && (message is ParentWord || link.RowMark == message.RowMark);

    private static void FollowParent(Turn turn, ParentWord word)
    {
        TakeGrant(turn, word.Granted);
        var link = turn.Head.Link!;
        if (!link.IsCarved)
            TenantHolder.Follow(turn, word);
        if (
            word.Refused is { } reason
            && link.Granted > Money.Zero
            && link.IsCarved
            && IntentRules.FirstAsking(turn.Head) is { } intent
            && word.RefusedAsk == intent.Sequence
        )
            IntentRules.Refuse(
                turn,
                intent,
                reason == RefusalReason.SessionEnded ? RefusalReason.SessionEnded : RefusalReason.ParentRefused
            );
        // A budget that is set to what it has become meanwhile lacks nothing, and needs nobody.
        while (IntentRules.FirstAsking(turn.Head) is { } first && IntentRules.Lacks(first, turn.Head.Budget) == Money.Zero)
            IntentRules.Complete(turn, first, Money.Zero);
        TenantStop.Follow(turn, word);
        // The same number with another meaning is of a parent that was restored and paused, or resumed, once more.
        var isPaused = turn.Head.Breaker.PausedBy.HasFlag(PauseSources.Parent);
        if (word.HoldNumber > turn.Head.Link!.HoldNumber || (word.HoldNumber == turn.Head.Link.HoldNumber && word.IsPaused != isPaused))
            FollowHold(turn, word);
        if (word.IsStop && !turn.Head.IsOver)
            ExpiryRules.End(turn, EndReason.Stopped, asked: false);
    }

    private static void TakeGrant(Turn turn, Money granted)
    {
        var credit = granted - turn.Head.Link!.Granted;
        if (credit <= Money.Zero)
            return;
        if (!turn.Head.Link.IsCarved)
        {
            TenantHolder.Take(turn, granted, credit);
            return;
        }

        if (turn.Head.Link.Granted == Money.Zero)
        {
            var first = new Entry
            {
                Kind = EntryKind.GrantTaken,
                Amount = credit,
                Link = turn.Head.Link with { Granted = granted },
            };
            turn.WriteUnasked(BudgetRules.WithBudget(turn, turn.Head.Budget + credit, first));
            return;
        }

        while (
            IntentRules.FirstAsking(turn.Head) is { } intent && IntentRules.Lacks(intent, turn.Head.Budget) is var lacks && lacks <= credit
        )
        {
            IntentRules.Complete(turn, intent, lacks);
            credit -= lacks;
        }

        if (credit > Money.Zero)
            GiveBackAtOnce(turn, granted, credit);
    }

    private static void GiveBackAtOnce(Turn turn, Money granted, Money credit)
    {
        // Nobody waits for it any more: it goes back at once, and the parent is told with the next report.
        var link = turn.Head.Link!;
        turn.WriteUnasked(
            new Entry
            {
                Kind = EntryKind.MoneyReturned,
                Amount = credit,
                Link = link with { Granted = granted, GivenBack = link.GivenBack + credit },
            }
        );
    }

    // Two flags and three numbers: what an operator has paused here stays paused, and what is told below has a number of its own.
    private static void FollowHold(Turn turn, ParentWord word)
    {
        if (!word.IsPaused)
            turn.State.NeedsOrNull?.Hint();
        turn.WriteUnasked(
            new Entry
            {
                Kind = word.IsPaused ? EntryKind.Paused : EntryKind.Resumed,
                PauseSource = PauseSources.Parent,
                Related = TenantHistory.Before(turn.Head),
                Link = turn.Head.Link! with { HoldNumber = word.HoldNumber },
            }
        );
    }

    private static void Acknowledge(Turn turn, ParentWord word)
    {
        var link = turn.Head.Link!;
        if (
            turn.Head.End == EndReason.None
            || word.Epoch != link.Epoch
            || word.Through < link.LastNews
            || link.AcknowledgedThrough >= link.LastNews
        )
            return;
        turn.WriteUnasked(new Entry { Kind = EntryKind.ReportAcknowledged, Link = link with { AcknowledgedThrough = word.Through } });
    }

    private static Received Unknown(Turn turn, ParentWord word)
    {
        var link = turn.Head.Link!;
        if (word.State == ParentState.NoRow && (link.Granted > Money.Zero || turn.Head.Spent > Money.Zero || !link.IsCarved))
        {
            // The row was lost when the parent's store was restored: told from the first entry on, it can be taken up again.
            (turn.State.ParentKnowsThrough, turn.State.ParentKnowsEpoch) = (HolderSpeech.NoRow, link.Epoch);
            if (!turn.Head.IsOver && link.Granted == Money.Zero && link.IsCarved)
                ExpiryRules.End(turn, EndReason.Stopped, asked: false);
            return new Received(null, turn.Entries);
        }

        while (IntentRules.FirstAsking(turn.Head) is { } intent)
            IntentRules.Refuse(turn, intent, RefusalReason.ParentRefused);
        if (!turn.Head.IsOver && link.Granted == Money.Zero)
            ExpiryRules.End(turn, EndReason.Stopped, asked: false);
        link = turn.Head.Link!;
        // A parent that lives and has no row hears of a later cost all the same; one that is gone hears of nothing.
        if (word.State == ParentState.Gone)
            link = link with { IsParentGone = true };
        else if (turn.Head.End != EndReason.None)
            link = link with { AcknowledgedThrough = link.LastNews };
        turn.State.ParentKnowsThrough = link.AcknowledgedThrough;
        if (link != turn.Head.Link)
            turn.WriteUnasked(new Entry { Kind = EntryKind.ReportAcknowledged, Link = link });
        return new Received(null, turn.Entries);
    }
}
