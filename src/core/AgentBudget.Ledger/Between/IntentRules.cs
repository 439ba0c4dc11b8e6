namespace AgentBudget.Ledger.Between;

/// <summary>
/// Operations that another ledger has a part in: taken up durably under no key, completed by an entry under the caller's key, or
/// refused by one under none, so that a refusal binds no key.
/// </summary>
internal static class IntentRules
{
    /// <summary>Operations of one ledger that may wait for its parent at once.</summary>
    public const int Most = 64;

    /// <summary>Dollars that one holder may be granted in all, given back ones included: totals only grow, and must not overflow.</summary>
    public static readonly Money MostGranted = Money.FromNanoDollars(4 * Money.MaxAmount.NanoDollars);

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    public static SessionAnswer TopUp(Turn turn, TopUpCommand command)
    {
        // With all that others wait for: it may come together.
        var most = (Int128)turn.Head.Budget.NanoDollars + AllLack(turn.Head).NanoDollars + command.Amount.NanoDollars;
        if (most > Money.MaxAmount.NanoDollars)
            return turn.Refuse(RefusalReason.OutOfRange);
        return AskParent(turn, command, IntentKind.TopUp, command.Amount, command.Reason);
    }

    public static SessionAnswer SetBudget(Turn turn, SetBudgetCommand command) =>
        AskParent(turn, command, IntentKind.SetBudget, command.Budget, command.Reason);

    /// <summary>What the operation lacks of the parent's money, where the budget stands now.</summary>
    public static Money Lacks(Intent intent, Money budget) =>
        intent.Kind switch
        {
            IntentKind.TopUp => intent.Amount,
            IntentKind.SetBudget => Money.Max(Money.Zero, intent.Amount - budget),
            _ => Money.Zero,
        };

    /// <summary>The first operation that waits for the parent, or null.</summary>
    public static Intent? FirstAsking(SessionHead head)
    {
        for (var i = 0; i < head.Intents.Count; i++)
        {
            if (head.Intents[i].Kind is IntentKind.TopUp or IntentKind.SetBudget)
                return head.Intents[i];
        }

        return null;
    }

    /// <summary>What all operations that wait lack together, as the total of what was granted.</summary>
    public static Money AllLack(SessionHead head)
    {
        var (budget, all) = (head.Budget, Money.Zero);
        foreach (var intent in head.Intents)
        {
            var lacks = Lacks(intent, budget);
            (budget, all) = (budget + lacks, all + lacks);
        }

        return all;
    }

    /// <summary>
    /// Completes one operation with money that has arrived. A budget that was asked for stands afterwards even if others were given more
    /// meanwhile: what is above it goes back. It is refused where more than it is spent or set aside by now.
    /// </summary>
    public static void Complete(Turn turn, Intent intent, Money credit)
    {
        var head = turn.Head;
        var (kind, amount, budget) =
            intent.Kind == IntentKind.TopUp
                ? (EntryKind.ToppedUp, credit, head.Budget + credit)
                : (EntryKind.BudgetSet, intent.Amount, intent.Amount);
        if (budget < head.Standing.Settled + head.Reserved)
        {
            Refuse(turn, intent, RefusalReason.BudgetTooLow);
            return;
        }

        var granted = head.Link!.Granted + credit;
        turn.Complete(
            intent,
            BudgetRules.WithBudget(turn, budget, new Entry { Kind = kind, Amount = amount }) with
            {
                Reason = intent.Reason,
                Related = intent.Sequence,
                Link = head.Link with { Granted = granted, GivenBack = granted - budget },
            }
        );
    }

    /// <summary>Refuses one operation: it leaves nothing behind, and its key is free.</summary>
    public static void Refuse(Turn turn, Intent intent, RefusalReason reason) =>
        turn.WriteUnasked(
            new Entry
            {
                Kind = EntryKind.IntentRefused,
                Related = intent.Sequence,
                WouldRefuse = reason,
            }
        );

    /// <summary>
    /// Begins the end of a ledger whose money is out with holders: they end first. Null when none is left, so that it can end at once.
    /// </summary>
    public static SessionAnswer? BeginEnd(Turn turn, EndReason end, bool asked, string? reason)
    {
        while (FirstAsking(turn.Head) is { } intent)
            Refuse(turn, intent, RefusalReason.SessionEnded);
        if (turn.Head.Intents.FirstOrDefault(intent => intent.Kind == IntentKind.End) is { } under)
            return asked ? turn.AwaitAnothers(under.Sequence) : new SessionAnswer { Standing = turn.Head.Standing };
        if (turn.Head.OpenHolders == 0)
            return null;
        var sequence = turn.Head.Sequence + 1;
        turn.WriteUnasked(
            new Entry
            {
                Kind = EntryKind.Intended,
                Intent = new Intent
                {
                    Sequence = sequence,
                    Kind = IntentKind.End,
                    Key = asked ? turn.Command!.Key : null,
                    BodyHash = asked ? turn.BodyHash : 0,
                    End = end,
                    Reason = reason,
                },
            }
        );
        // No holder has money before it has registered here, and none registers any more.
        foreach (var row in turn.State.Holders.Open.Values.Where(row => row.HolderLife == 0).ToArray())
            RowRules.Close(turn, row, HolderEnd.Declined, RefusalReason.SessionEnded);
        TryEnd(turn);
        return Waits(turn, sequence, asked);
    }

    // An end that nobody asked for is waited for by nobody: the command in whose turn it falls has an answer of its own.
    private static SessionAnswer Waits(Turn turn, long sequence, bool asked) =>
        asked ? turn.Await(sequence) : new SessionAnswer { Standing = turn.Head.Standing };

    /// <summary>Ends the ledger if that is under way and no holder is left.</summary>
    public static void TryEnd(Turn turn)
    {
        if (turn.Head.OpenHolders > 0 || turn.Head.End != EndReason.None)
            return;
        if (turn.Head.Intents.FirstOrDefault(intent => intent.Kind == IntentKind.End) is not { } intent)
            return;
        ReservationRules.ReleaseAll(turn, turn.Time);
        turn.Complete(
            intent,
            new Entry
            {
                Kind = EntryKind.Ended,
                End = intent.End,
                Reason = intent.Reason,
                Related = intent.Sequence,
            }
        );
    }

    /// <summary>The answer of an operation, from the entry that ends it.</summary>
    public static SessionAnswer? AnswerOf(SessionHead head, long intentSequence, Entry entry)
    {
        if (entry.Related != intentSequence)
            return null;
        return entry.Kind switch
        {
            EntryKind.ToppedUp or EntryKind.BudgetSet or EntryKind.HolderRegistered or EntryKind.Ended => SessionAnswer.Of(entry),
            EntryKind.IntentRefused or EntryKind.HolderClosed => new SessionAnswer
            {
                Standing = entry.After,
                Refusal = new Refusal(entry.WouldRefuse, Limits.Room(head, isFinal: false)),
            },
            _ => null,
        };
    }

    private static SessionAnswer AskParent(Turn turn, SessionCommand command, IntentKind kind, Money amount, string? reason)
    {
        // What it was opened with has not arrived; a second amount on top of it cannot be told from the first.
        if (turn.Head.Link!.Granted == Money.Zero)
            return turn.Refuse(RefusalReason.InsufficientNow, RetryAfter);
        if (turn.Head.Link.IsParentGone)
            return turn.Refuse(RefusalReason.ParentRefused);
        if (turn.Head.Intents.Count >= Most)
            return turn.Refuse(RefusalReason.Throttled, RetryAfter);
        if ((Int128)turn.Head.Link.Granted.NanoDollars + AllLack(turn.Head).NanoDollars + amount.NanoDollars > MostGranted.NanoDollars)
            return turn.Refuse(RefusalReason.OutOfRange);
        var sequence = turn.Head.Sequence + 1;
        turn.WriteUnasked(
            new Entry
            {
                Kind = EntryKind.Intended,
                Amount = amount,
                Intent = new Intent
                {
                    Sequence = sequence,
                    Kind = kind,
                    Key = command.Key,
                    BodyHash = turn.BodyHash,
                    Amount = amount,
                    Reason = reason,
                },
            }
        );
        return turn.Await(sequence);
    }
}
