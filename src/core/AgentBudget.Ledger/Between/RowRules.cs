using AgentBudget.Ledger.Tenants;

namespace AgentBudget.Ledger.Between;

/// <summary>How a parent's row of a holder changes, reports aside: registered, granted more, caught up with, closed.</summary>
internal static class RowRules
{
    /// <summary>Holders whose money one turn covers at most: a session may have 10,000, and a turn is to be short.</summary>
    public const int MostCovered = 256;

    /// <summary>Notes which life holds the money: the fence of the opening, for only a ledger that writes this may say that there is
    /// money.</summary>
    public static HolderRow Register(Turn turn, HolderRow row, HolderWord word)
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
                WouldRefuse = row.Intent!.WouldRefuse,
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
    public static RefusalReason? Grant(Turn turn, ref HolderRow row, HolderWord word)
    {
        var head = turn.Head;
        if (!row.IsOpen || head.IsOver)
            return RefusalReason.SessionEnded;
        var isObserving = head.Options!.Mode == SessionMode.Observe;
        var all = row with { Granted = Money.Max(word.All, word.AtLeast) };
        // What the holder spent beyond its money stands in spent already: only what comes out in addition has to be free.
        var next = isObserving || IsFree(turn, all.Out - row.Out) ? all : row with { Granted = word.AtLeast };
        var more = next.Out - row.Out;
        var reason = JudgeOut(turn, more);
        if (reason != RefusalReason.None && !isObserving)
            return reason;
        next = next with { Uncovered = row.Uncovered + NotCovered(head, more) };
        turn.WriteUnasked(
            new Entry
            {
                Kind = EntryKind.HolderGranted,
                Amount = next.Granted - row.Granted,
                Child = row.HolderId,
                WouldRefuse = reason,
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

    // Looked at without asking the tenant: it is asked for what the first lacks, once.
    private static bool IsFree(Turn turn, Money more) =>
        turn.Head.Breaker.State == BreakerState.Closed
        && ReserveRules.JudgeAmount(turn, more, least: null, isFinal: false).Reason == RefusalReason.None
        && (turn.Head.Link is not { IsCarved: false } || more <= TenantLimits.InHand(turn.Head));

    /// <summary>Why so much more may not be out with holders; none when it may. In observe mode it is out all the same.</summary>
    public static RefusalReason JudgeOut(Turn turn, Money more) =>
        turn.Head.Breaker.State != BreakerState.Closed
            ? ReserveRules.ReasonOf(turn.Head.Breaker)
            : ReserveRules.Judge(turn, more, least: null, isFinal: false).Reason;

    /// <summary>What of so much more the budget does not cover: nothing, but where limits do not refuse.</summary>
    public static Money NotCovered(SessionHead head, Money more) => more - Money.Min(more, TenantLimits.Free(head));

    /// <summary>Takes up a holder that has money of this ledger and no row: the row was lost when the store was restored.</summary>
    public static HolderRow Adopt(Turn turn, HolderWord word)
    {
        var empty = new HolderRow
        {
            Number = turn.Head.Sequence + 1,
            HolderId = word.HolderId,
            HolderLife = word.HolderLife,
            OpenedAt = turn.Time,
            Policy = word.Policy,
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

    /// <summary>Takes a holder's numbers that are ahead of what is known here.</summary>
    public static HolderRow CatchUp(Turn turn, HolderRow row, HolderWord word)
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

    /// <summary>
    /// Covers what is out without cover, the oldest first, with what has come free: before it is given out once more. Overage comes before
    /// it, as always. A turn covers so many, the next ones the rest, and nothing else is given out before.
    /// </summary>
    public static void CoverWithWhatIsFree(Turn turn)
    {
        if (!turn.State.HasHolders || turn.State.Holders.Uncovered.Count == 0 || TenantLimits.Free(turn.Head) == Money.Zero)
            return;
        foreach (var row in turn.State.Holders.UncoveredOldestFirst())
        {
            var lacks = row.Out - row.SetAside;
            var covered = Money.Min(lacks, TenantLimits.Free(turn.Head));
            if (covered == Money.Zero)
                return;
            turn.HasMoreToCover = turn.Covered == MostCovered;
            if (turn.HasMoreToCover)
                return;
            turn.Covered++;
            turn.WriteUnasked(
                new Entry
                {
                    Kind = EntryKind.HolderCovered,
                    Amount = covered,
                    Child = row.HolderId,
                    Holder = new HolderChange
                    {
                        Row = row with { Uncovered = lacks - covered },
                        WasOpen = true,
                        SetAsideBefore = row.SetAside,
                    },
                }
            );
        }
    }

    /// <summary>A row with more of the parent's money out, covered as far as the parent's budget goes.</summary>
    public static HolderRow Covered(SessionHead head, HolderRow before, HolderRow after)
    {
        var free = Money.Max(Money.Zero, TenantLimits.Cover(head) - head.Reserved + before.SetAside);
        return after with { Uncovered = Money.Max(Money.Min(after.Uncovered, after.Out), after.Out - Money.Min(after.Out, free)) };
    }
}
