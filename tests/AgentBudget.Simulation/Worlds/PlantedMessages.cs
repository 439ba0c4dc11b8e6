using AgentBudget.Ledger.Tenants;

namespace AgentBudget.Simulation.Worlds;

/// <summary>Messages as a machine with a planted fault would send or take them.</summary>
internal static class PlantedMessages
{
    public static HolderWord Sent(HolderWord word, Plants plants, SessionHead head, IReadOnlyList<Entry> range)
    {
        if (plants.HasFlag(Plants.SealWithOpenChildren) && head.IsOver && word.Report is { IsSealed: false } open)
            word = word with { Report = open with { IsSealed = true } };
        if (plants.HasFlag(Plants.NamesForgotten) && word.Report is { From: > 0, IsSealed: false } nameless)
            word = word with { Report = nameless with { ByName = [] } };
        if (plants.HasFlag(Plants.RunsNotPassedUp) && head.Tenant is not null && word.Report is { } passed)
            word = word with { Report = passed with { Runs = [] } };
        if (!plants.HasFlag(Plants.ChildReportNotPassedUp) || word.Report is not { IsRestart: false } report)
            return word;
        var below = range.Where(entry => entry.Kind is EntryKind.HolderReported or EntryKind.HolderRestored).ToArray();
        if (below.Length == 0)
            return word;
        var part = ReportRules.Of(head, below);
        var breakdown = part.Breakdown.Categories.Aggregate(
            report.Breakdown,
            (sum, one) => sum.Correct(new Call { Kind = one.Kind, Name = one.Name }, -one.Total)
        );
        return word with
        {
            Report = report with
            {
                SpentUp = report.SpentUp - part.SpentUp,
                CorrectedDown = report.CorrectedDown - part.CorrectedDown,
                Breakdown = breakdown,
            },
        };
    }

    public static LedgerMessage Taken(LedgerMessage message, Plants plants, SessionLedger receiver, DateTimeOffset clock = default)
    {
        var head = receiver.Head;
        if (head.Tenant is not null && message is HolderWord ask)
            message = AskTaken(ask, plants, clock);
        if (plants.HasFlag(Plants.NoTimeDownward) && message is not HolderWord)
            message = message with { Time = World.Start };
        if (plants.HasFlag(Plants.NoTimeUpward) && message is HolderWord)
            message = message with { Time = World.Start };
        if (plants.HasFlag(Plants.ChildWithoutParentLife) || plants.HasFlag(Plants.IncarnationNotCompared))
            message = AnyParentLife(message, head);
        if (plants.HasFlag(Plants.IncarnationNotCompared))
            message = AnyHolderLife(message, receiver);
        var isShallow =
            plants.HasFlag(Plants.ShallowRecall)
            && head.Link is { } above
            && SessionIds.TenantOf(head.SessionId)?.Depth > 1
            && above.Policy == HolderPolicy.Sliced;
        if ((isShallow || plants.HasFlag(Plants.RefusalWithoutRecall)) && message is ParentWord recall)
            message = recall with { Recall = 0 };
        if (plants.HasFlag(Plants.StaleHold) && message is ParentWord held && head.Link is { } link && held.HoldNumber < link.HoldNumber)
            message = held with { HoldNumber = link.HoldNumber + 1 };
        if (plants.HasFlag(Plants.StopForgottenByResume) && message is ParentWord { IsStop: true, IsPaused: false, IsClosed: false } stop)
            message = stop with { IsStop = false, StopNumber = 0 };
        if (plants.HasFlag(Plants.HoldSpreadEarly) && message is HolderWord spread)
            message = spread with { HoldSpread = spread.HoldNumber };
        if (plants.HasFlag(Plants.BookedNotSaid) && message is ParentWord said && head.Link is { } own)
            message = said with { Spent = head.Spent, GivenBack = own.GivenBack };
        if (
            plants.HasFlag(Plants.RolloverForgetsOut)
            && head.Tenant is { } tenant
            && message is HolderWord { Report: { } spent } spender
            && receiver.OpenHolders.GetValueOrDefault(spender.HolderId) is { } known
        )
            message = spender with { Report = AsBeforeTheDay(spent, known, tenant) };
        var isTaken = plants.HasFlag(Plants.ReportWithoutSequence) || plants.HasFlag(Plants.ChildReportNotPassedUp);
        if (
            isTaken
            && message is HolderWord { Report: { IsRestart: false } report } word
            && receiver.OpenHolders.GetValueOrDefault(word.HolderId) is { } row
        )
            message = word with { Report = AsIfItFollowed(report, row, plants) };
        return message;
    }

    private static HolderWord AskTaken(HolderWord ask, Plants plants, DateTimeOffset clock)
    {
        if (plants.HasFlag(Plants.AgesInsteadOfInstants) && ask.AtLeast > ask.Granted)
            ask = ask with { Since = clock - (ask.Time - ask.Since) };
        if (plants.HasFlag(Plants.ExhaustedByWhatIsLacking))
            ask = ask with { Amount = ask.AtLeast - Money.Min(ask.AtLeast, ask.Granted) };
        if (plants.HasFlag(Plants.RecallForTheLeast))
            ask = ask with { All = ask.AtLeast };
        return plants.HasFlag(Plants.RoundAnsweredEarly) && TenantLedgers.IsId(ask.HolderId) ? ask with { Recalled = long.MaxValue } : ask;
    }

    // What a holder had when the day began is of the day before, whenever it is spent.
    private static HolderReport AsBeforeTheDay(HolderReport report, HolderRow row, TenantState tenant)
    {
        var begin = tenant.Windows.First(window => window.Kind == WindowKind.Day).Start;
        if (row.OpenedAt >= begin)
            return report;
        var last = QuarterSum.Of(begin) - 1;
        return report with
        {
            ByQuarter = [.. report.ByQuarter.Select(sum => sum with { Quarter = Math.Min(sum.Quarter, last) })],
            ByName = [.. report.ByName.Select(sum => sum with { Quarter = Math.Min(sum.Quarter, last) })],
        };
    }

    private static HolderReport AsIfItFollowed(HolderReport report, HolderRow row, Plants plants)
    {
        if (plants.HasFlag(Plants.ReportWithoutSequence))
        {
            var length = report.To - report.From;
            report = report with { From = row.ReportedThrough, To = Math.Max(report.To, row.ReportedThrough + Math.Min(1, length)) };
        }

        return report with
        {
            SpentAfter = row.Spent + report.SpentUp - report.CorrectedDown,
        };
    }

    private static LedgerMessage AnyParentLife(LedgerMessage message, SessionHead head) =>
        message switch
        {
            HolderWord word => word with { ParentLife = head.Life },
            _ when head.Link is { } link => message with { ParentLife = link.ParentLife },
            _ => message,
        };

    private static LedgerMessage AnyHolderLife(LedgerMessage message, SessionLedger receiver) =>
        message switch
        {
            ParentWord word => word with { HolderLife = receiver.Head.Life },
            HolderWord word when receiver.OpenHolders.GetValueOrDefault(word.HolderId) is { HolderLife: not 0 } row => word with
            {
                HolderLife = row.HolderLife,
            },
            _ => message,
        };
}
