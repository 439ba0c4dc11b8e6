namespace AgentBudget.Robustness.Checking;

/// <summary>
/// Parents and carved children, both ways, against the truth of both timelines: a child has only what its parent has set aside (L2); what
/// the parent has booked of it is what it had spent by then, each cost once; and at rest nothing is left to book, late costs among it
/// (L1).
/// </summary>
internal static class FamilyCheck
{
    /// <summary>How long after it a cost may still be on its way to the parent.</summary>
    private static readonly TimeSpan UnderWay = TimeSpan.FromSeconds(10);

    /// <summary>What a parent knows of its children.</summary>
    public static IEnumerable<Violation> Check(FinalSession parent, IReadOnlyDictionary<string, FinalSession> all, DateTimeOffset readAt)
    {
        foreach (var row in LastRows(parent).Where(row => row.HolderLife != 0))
        {
            var child = all.GetValueOrDefault(row.HolderId) ?? FinalSession.Missing(row.HolderId);
            var found =
                child.Stored?.Head is { Link: { } link } head && head.Life == row.HolderLife
                    ? Check(parent, row, child, head, link, readAt)
                    : [Found("L1", parent, row, "is not the session that stands under its id")];
            foreach (var violation in found)
                yield return violation;
        }
    }

    /// <summary>A child whose parent knows nothing of it has no money and has spent none.</summary>
    public static Violation? CheckOrphan(FinalSession child, IReadOnlyDictionary<string, FinalSession> all)
    {
        if (child.Stored?.Head is not { Link: { } link } head)
            return null;
        var isKnown =
            all.GetValueOrDefault(link.ParentId) is { } parent
            && LastRows(parent).Any(row => row.HolderId == child.Id && row.HolderLife == head.Life);
        if (isKnown || (link.Granted == Money.Zero && head.Spent == Money.Zero))
            return null;
        return new Violation(
            "L2",
            child.Id,
            $"it was granted {link.Granted} and has spent {head.Spent}, and {link.ParentId} has no row for it"
        );
    }

    private static IEnumerable<Violation> Check(
        FinalSession parent,
        HolderRow row,
        FinalSession child,
        SessionHead head,
        ParentLink link,
        DateTimeOffset readAt
    )
    {
        if (link.Granted > row.Granted)
            yield return Found("L2", parent, row, $"says that it was granted {link.Granted}; the parent knows of {row.Granted}");
        if (row.GivenBack > link.GivenBack && head.End == EndReason.None)
            yield return Found("L2", parent, row, $"gave back {link.GivenBack}; the parent has booked {row.GivenBack}");
        var spentByThen = row.ReportedThrough == 0 ? Money.Zero : child.At(row.ReportedThrough)?.After.Spent;
        if (spentByThen != row.Spent)
            yield return Found(
                "L1",
                parent,
                row,
                $"had spent {spentByThen} by its entry {row.ReportedThrough}; {row.Spent} of it was booked"
            );
        if (link.LastNews > row.ReportedThrough && child.At(link.LastNews) is { } news && news.At + UnderWay < readAt)
            yield return Found(
                "L1",
                parent,
                row,
                $"has told of nothing since its entry {row.ReportedThrough}, and has news in entry {link.LastNews} of {news.At:HH:mm:ss}"
            );
        if (row.End == HolderEnd.Sealed && head.End == EndReason.None)
            yield return Found("L2", parent, row, "is taken for ended, and has not");
    }

    // The row of each carve as the last entry about it has left it.
    private static IEnumerable<HolderRow> LastRows(FinalSession parent) =>
        parent.Timeline.Select(entry => entry.Holder?.Row).OfType<HolderRow>().GroupBy(row => row.Number).Select(rows => rows.Last());

    private static Violation Found(string law, FinalSession parent, HolderRow row, string what) =>
        new(law, parent.Id, $"{row.HolderId}, for which entry {row.Number} set money aside, {what}") { Sequence = row.Number };
}
