using AgentBudget.Ledger.Tenants;

namespace AgentBudget.Ledger.Between;

/// <summary>How a parent's row of a holder changes, reports aside: registered, granted more, caught up with, closed.</summary>
internal static class RowRules
{
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

    /// <summary>A row with more of the parent's money out, covered as far as the parent's budget goes.</summary>
    public static HolderRow Covered(SessionHead head, HolderRow before, HolderRow after)
    {
        var free = Money.Max(Money.Zero, TenantLimits.Cover(head) - head.Reserved + before.SetAside);
        return after with { Uncovered = Money.Max(Money.Min(after.Uncovered, after.Out), after.Out - Money.Min(after.Out, free)) };
    }
}
