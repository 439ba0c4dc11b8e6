using AgentBudget.Ledger.Tenants;

namespace AgentBudget.Ledger.Between;

/// <summary>What a holder did: gathered from its entries, and booked by its parent exactly once.</summary>
internal static class ReportRules
{
    /// <summary>Entries that one report covers at most.</summary>
    public const int MostEntries = 256;

    /// <summary>The report of consecutive entries of a ledger.</summary>
    /// <param name="head">Its head.</param>
    /// <param name="entries">The entries.</param>
    /// <param name="tagNames">Tags that have room before others; null for none.</param>
    public static HolderReport Of(SessionHead head, IReadOnlyList<Entry> entries, IReadOnlyList<string>? tagNames = null)
    {
        var (spent, breakdown) = SpentIn(entries);
        return new HolderReport
        {
            From = entries[0].Sequence - 1,
            To = entries[^1].Sequence,
            Epoch = head.Link?.Epoch ?? 0,
            GivenBack = entries.LastOrDefault(entry => entry.Link is not null)?.Link!.GivenBack,
            SpentUp = Money.FromNanoDollars((long)Int128.Max(0, spent)),
            CorrectedDown = Money.FromNanoDollars((long)Int128.Max(0, -spent)),
            SpentAfter = entries[^1].After.Spent,
            Breakdown = breakdown,
            IsSealed = entries.Any(entry => entry.Kind == EntryKind.Ended),
            ByQuarter = QuarterSums.Of(entries),
            ByName = SpendByName.Of(head, entries, tagNames),
            Runs = RunSums.Of(head, entries),
        };
    }

    // In 128 bits, and as a difference: costs and what takes them back can be many in one range.
    private static (Int128 Spent, Breakdown Breakdown) SpentIn(IReadOnlyList<Entry> entries)
    {
        var (spent, breakdown) = ((Int128)0, Breakdown.Empty);
        foreach (var entry in entries)
        {
            switch (entry.Kind)
            {
                case var _ when EntryKinds.Of(entry).IsCost:
                    spent += entry.Amount.NanoDollars;
                    breakdown = breakdown.Add(entry.Call!, entry.Amount);
                    break;
                case EntryKind.Corrected when entry.Call is { } call:
                    spent += entry.Amount.NanoDollars;
                    breakdown = breakdown.Correct(call, entry.Amount);
                    break;
                case EntryKind.HolderReported or EntryKind.HolderRestored:
                    spent += entry.Amount.NanoDollars;
                    breakdown = breakdown.Add(entry.Breakdown ?? Breakdown.Empty);
                    break;
            }
        }

        return (spent, breakdown);
    }

    /// <summary>A report of everything, in totals: of a holder that was restored to an earlier moment.</summary>
    public static HolderReport OfAll(SessionHead head) =>
        new()
        {
            From = 0,
            To = head.Sequence,
            Epoch = head.Link!.Epoch,
            IsRestart = true,
            GivenBack = head.Link.GivenBack,
            SpentUp = head.Spent,
            SpentAfter = head.Spent,
            Breakdown = head.Breakdown,
            IsSealed = head.End != EndReason.None,
        };

    /// <summary>Whether the report begins where the last one ended and leads elsewhere.</summary>
    public static bool IsDiverged(HolderRow row, HolderReport report) =>
        report.Epoch == row.Epoch
        && report.From == row.ReportedThrough
        && !report.IsRestart
        && row.Spent + report.SpentUp - report.CorrectedDown != report.SpentAfter;

    /// <summary>Books a report if it begins where the last one ended. A repeated one, or one from elsewhere, writes nothing.</summary>
    public static HolderRow Book(Turn turn, HolderRow row, HolderReport report)
    {
        if (report.Epoch > row.Epoch && report.IsRestart)
            return Restart(turn, row, report);
        if (
            report.Epoch != row.Epoch
            || report.IsRestart
            || report.From != row.ReportedThrough
            || report.To <= report.From
            || IsDiverged(row, report)
        )
            return row;
        if (turn.Head.Spent.NanoDollars > long.MaxValue - report.SpentUp.NanoDollars)
            return row;
        var (up, down) = Totals(row, report);
        var next = row with
        {
            ReportedThrough = report.To,
            SpentUp = up,
            CorrectedDown = down,
            GivenBack = report.GivenBack ?? row.GivenBack,
        };
        return Write(turn, row, Sealed(turn, next, report), EntryKind.HolderReported, report);
    }

    // What is corrected up and down again and again leaves two sums that grow for ever; only their difference says anything.
    private static (Money Up, Money Down) Totals(HolderRow row, HolderReport report)
    {
        var up = (Int128)row.SpentUp.NanoDollars + report.SpentUp.NanoDollars;
        var down = (Int128)row.CorrectedDown.NanoDollars + report.CorrectedDown.NanoDollars;
        var both = up > IntentRules.MostGranted.NanoDollars ? Int128.Min(up, down) : 0;
        return (Money.FromNanoDollars((long)(up - both)), Money.FromNanoDollars((long)(down - both)));
    }

    // The parent keeps no breakdown of one holder, so what the holder no longer stands by is taken back under the holder's name.
    private static HolderRow Restart(Turn turn, HolderRow row, HolderReport report)
    {
        var next = row with
        {
            ReportedThrough = report.To,
            Epoch = report.Epoch,
            SpentUp = report.SpentUp,
            CorrectedDown = report.CorrectedDown,
            GivenBack = report.GivenBack ?? Money.Zero,
        };
        var difference = next.Spent - row.Spent;
        var (up, down) = difference >= Money.Zero ? (difference, Money.Zero) : (Money.Zero, -difference);
        var told = report with
        {
            SpentUp = up,
            CorrectedDown = down,
            Breakdown = Breakdown.Empty.Correct(Call.Tool(row.HolderId), difference),
            ByQuarter = [new QuarterSum(QuarterSum.Of(turn.Time), difference)],
            ByName = SpendByName.OfDifference(turn.Head, row.HolderId, difference, turn.Time),
        };
        return Write(turn, row, Sealed(turn, next, report), EntryKind.HolderRestored, told);
    }

    private static HolderRow Sealed(Turn turn, HolderRow row, HolderReport report) =>
        report.IsSealed && row.IsOpen ? row with { End = HolderEnd.Sealed, ClosedAt = turn.Time } : row;

    private static HolderRow Write(Turn turn, HolderRow row, HolderRow next, EntryKind kind, HolderReport report)
    {
        var head = turn.Head;
        var spent = report.SpentUp - report.CorrectedDown;
        next = RowRules.Covered(head, row, next);
        var crossing = head.Tenant is not null
            ? Crossing.None
            : Limits.Cross(head, head.Budget, head.Spent + spent, head.Reserved - row.SetAside + next.SetAside);
        turn.WriteUnasked(
            new Entry
            {
                Kind = kind,
                Amount = spent,
                Child = row.HolderId,
                Breakdown = report.Breakdown.Categories.Count == 0 ? null : report.Breakdown,
                Holder = new HolderChange
                {
                    Row = next,
                    WasOpen = row.IsOpen,
                    SetAsideBefore = row.SetAside,
                    SpentUp = report.SpentUp,
                    CorrectedDown = report.CorrectedDown,
                    ByQuarter = QuarterSums.Clamped(report.ByQuarter, turn.Time),
                    ByName = SpendByName.Clamped(report.ByName, turn.Time),
                    Runs = RunSums.Clamped(report.Runs, turn.Time),
                },
                Crossing = crossing,
            }
        );
        return next;
    }
}
