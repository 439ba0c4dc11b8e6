namespace AgentBudget.Robustness.Checking;

/// <summary>
/// Parents and carved children, both ways, against the truth of both timelines: a child has only what its parent has set aside (L2); what
/// the parent has booked of it is what it had spent by then, each cost once; what a parent has spent is its own costs and what it has
/// booked of its children; and at rest nothing is under way or left to book, late costs among it (L1).
/// </summary>
internal sealed class FamilyCheck
{
    /// <summary>How long after it a cost may still be on its way to the parent.</summary>
    private static readonly TimeSpan UnderWay = TimeSpan.FromSeconds(10);

    private readonly RunRecord run;

    // The row of each carve as the last entry about it has left it: a family is looked at once, not once for each child.
    private readonly Dictionary<string, HolderRow[]> rows;

    public FamilyCheck(RunRecord run)
    {
        this.run = run;
        rows = run.Sessions.Values.ToDictionary(session => session.Id, LastRows, StringComparer.Ordinal);
    }

    public IEnumerable<Violation> Check() =>
        run.Sessions.Values.SelectMany(Check).Concat(run.Sessions.Values.Select(CheckOrphan).OfType<Violation>());

    // What a parent knows of its children.
    private IEnumerable<Violation> Check(FinalSession parent)
    {
        foreach (var violation in CheckOwn(parent))
            yield return violation;
        foreach (var row in rows[parent.Id])
        {
            var child = run.Sessions.GetValueOrDefault(row.HolderId) ?? FinalSession.Missing(row.HolderId);
            foreach (var violation in row.HolderLife == 0 ? CheckUnregistered(parent, row, child) : CheckRegistered(parent, row, child))
                yield return violation;
        }
    }

    private IEnumerable<Violation> CheckOwn(FinalSession session)
    {
        foreach (var entry in session.Timeline.Where(IsOfARestore))
            yield return new Violation(
                "L2",
                session.Id,
                $"entry {entry.Sequence} ({entry.Kind}) takes another ledger's numbers as after a restore, and nothing was restored"
            )
            {
                Sequence = entry.Sequence,
            };
        if (session.Stored?.Head is not { } head)
            yield break;
        var own = Sum(session.Timeline.Where(IsOwnCost).Select(entry => entry.Amount));
        var booked = Sum(rows[session.Id].Select(row => row.Spent));
        if (own + booked != head.Spent)
            yield return new Violation(
                "L1",
                session.Id,
                $"it has spent {head.Spent}: {own} by itself, and {booked} is booked of its children"
            );
        if (run.IsAtRest && head.Intents.Count > 0)
            yield return new Violation(
                "L12",
                session.Id,
                $"an operation is still under way that entry {head.Intents[0].Sequence} took up: {head.Intents[0].Kind}"
            )
            {
                Sequence = head.Intents[0].Sequence,
            };
    }

    // A child whose parent knows nothing of it has no money and has spent none.
    private Violation? CheckOrphan(FinalSession child)
    {
        if (child.Stored?.Head is not { Link: { } link } head)
            return null;
        var isKnown = rows.GetValueOrDefault(link.ParentId)?.Any(row => row.HolderId == child.Id && row.HolderLife == head.Life) == true;
        if (isKnown || (link.Granted == Money.Zero && head.Spent == Money.Zero))
            return null;
        return new Violation(
            "L2",
            child.Id,
            $"it was granted {link.Granted} and has spent {head.Spent}, and {link.ParentId} has no row for it"
        );
    }

    // Never registered: nothing can have been spent by it. That it has no money, the check of orphans says.
    private IEnumerable<Violation> CheckUnregistered(FinalSession parent, HolderRow row, FinalSession child)
    {
        if (row.Spent != Money.Zero || row.GivenBack != Money.Zero || row.ReportedThrough != 0)
            yield return Found(
                "L1",
                parent,
                row,
                $"has never registered; {row.Spent} is booked of it, through entry {row.ReportedThrough}"
            );
        if (row.IsOpen && run.IsAtRest && !Rest.IsYetToSpeak(row, child.Stored))
            yield return Found("L12", parent, row, "has not registered, and its money waits for it");
    }

    private IEnumerable<Violation> CheckRegistered(FinalSession parent, HolderRow row, FinalSession child)
    {
        if (child.Stored?.Head is not { Link: { } link } head || head.Life != row.HolderLife)
            return [Found("L1", parent, row, "is not the session that stands under its id")];
        var found = Check(parent, row, child, head, link);
        return run.IsAtRest ? found.Concat(CheckAtRest(parent, row, child, link)) : found;
    }

    private IEnumerable<Violation> Check(FinalSession parent, HolderRow row, FinalSession child, SessionHead head, ParentLink link)
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
        if (link.LastNews > row.ReportedThrough && child.At(link.LastNews) is { } news && news.At + UnderWay < run.ReadAt)
            yield return Found(
                "L1",
                parent,
                row,
                $"has told of nothing since its entry {row.ReportedThrough}, and has news in entry {link.LastNews} of {news.At:HH:mm:ss}"
            );
        if (row.End == HolderEnd.Sealed && head.End == EndReason.None)
            yield return Found("L2", parent, row, "is taken for ended, and has not");
    }

    private IEnumerable<Violation> CheckAtRest(FinalSession parent, HolderRow row, FinalSession child, ParentLink link)
    {
        var head = child.Stored!.Head;
        if (row.Spent != head.Spent)
            yield return Found("L1", parent, row, $"has spent {head.Spent}, and {row.Spent} is booked");
        if (row.IsOpen != (head.End == EndReason.None))
            yield return Found("L12", parent, row, $"has {(row.IsOpen ? "" : "not ")}ended, and the parent says otherwise");
        if (!row.IsOpen)
            yield break;
        if (row.Granted != link.Granted && row.Policy == HolderPolicy.Carved)
            yield return Found("L1", parent, row, $"was granted {row.Granted}, of which {link.Granted} has arrived");
        // What lies idle is called back for those who still have a place in a tenant's line, though nobody calls any more.
        var isOnItsWay = row.Policy != HolderPolicy.Carved && child.At(link.LastNews)?.At + UnderWay >= run.ReadAt;
        if (row.GivenBack != link.GivenBack && !isOnItsWay)
            yield return Found("L1", parent, row, $"gave back {link.GivenBack}, of which {row.GivenBack} is booked");
    }

    // A child whose row was declined before it registered can have spent, which is taken up; money it cannot have.
    private static bool IsOfARestore(Entry entry) =>
        entry.Kind == EntryKind.Restored
        || (entry.Kind == EntryKind.HolderRestored && (entry.Amount != Money.Zero || entry.Holder!.Row.Granted > Money.Zero))
        || entry.Holder?.Row.End == HolderEnd.Lost;

    // Told once more than in the ledger's own table of kinds.
    private static bool IsOwnCost(Entry entry) =>
        entry.Kind is EntryKind.Settled or EntryKind.Charged || (entry.Kind == EntryKind.Corrected && entry.Call is not null);

    private static Money Sum(IEnumerable<Money> amounts) => amounts.Aggregate(Money.Zero, (sum, amount) => sum + amount);

    private static HolderRow[] LastRows(FinalSession parent) =>
        [.. parent.Timeline.Select(entry => entry.Holder?.Row).OfType<HolderRow>().GroupBy(row => row.Number).Select(same => same.Last())];

    private static Violation Found(string law, FinalSession parent, HolderRow row, string what) =>
        new(law, parent.Id, $"{row.HolderId}, for which entry {row.Number} set money aside, {what}") { Sequence = row.Number };
}
