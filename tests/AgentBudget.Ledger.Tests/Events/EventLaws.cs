using System.Text;

namespace AgentBudget.Ledger.Tests;

/// <summary>
/// What events of a timeline must be, whatever is in it: an entry is said to have events exactly when it has some; what is billed is what
/// was spent; overage is told to the nano-dollar; each names the one before it; the same entry gives the same events; an export of
/// them is found whole.
/// </summary>
internal static class EventLaws
{
    public static void Check(SessionHead head, IReadOnlyList<Entry> timeline)
    {
        if (!head.IsOpened)
            return;
        var origin = EventOrigin.Of(head);
        var (previous, billed, overage) = (0L, Money.Zero, Money.Zero);
        var verification = new EventVerification();
        foreach (var entry in timeline)
        {
            var events = BudgetEvents.Of(entry, origin, previous);
            Assert.True(BudgetEvents.Any(entry) == events.Count > 0, $"Entry {entry.Sequence} ({entry.Kind}) has {events.Count} events.");
            var kinds = events.Aggregate(
                EventKinds.None,
                (all, of) => all | (EventTypes.Of(of).IsBillable ? EventKinds.Charges : EventKinds.Others)
            );
            Assert.True((kinds & ~BudgetEvents.KindsOf(entry)) == 0, $"Entry {entry.Sequence} has {kinds}, and says it does not.");
            for (var i = 0; i < events.Count; i++)
                Assert.Equal(
                    (entry.Sequence, i + 1, events.Count, previous),
                    (events[i].Sequence, events[i].Part, events[i].Parts, events[i].Previous)
                );
            Assert.Equal(events.Select(BudgetEventJson.Write), BudgetEvents.Of(entry, origin, previous).Select(BudgetEventJson.Write));
            foreach (var one in events)
                verification.Add(Encoding.UTF8.GetBytes(BudgetEventJson.Write(one)));
            billed += events.OfType<ChargeEvent>().Aggregate(Money.Zero, (sum, charge) => sum + charge.Cost);
            overage += events.OfType<OverageEvent>().Aggregate(Money.Zero, (sum, over) => sum + over.Amount);
            // What came free since, or was put in, has absorbed some of it.
            Assert.True(entry.After.Overage <= overage, $"Entry {entry.Sequence}: {entry.After.Overage} is over, {overage} was told.");
            if (entry.After.Overage < overage)
                overage = entry.After.Overage;
            if (events.Count > 0)
                previous = entry.Sequence;
            foreach (var report in events.Select(EventParts.ReportOf).OfType<EventReport>())
                Assert.Equal(entry.After.Spent, report.Breakdown.Total);
        }

        Assert.Equal(head.LastEventSequence, previous);
        var children = timeline
            .Where(entry => entry.Kind is EntryKind.HolderReported or EntryKind.HolderRestored)
            .Aggregate(Money.Zero, (sum, entry) => sum + entry.Amount);
        Assert.Equal(head.Spent, billed + children);
        verification.Complete();
        // What children spent stands in their own events, which are not here.
        if (children == Money.Zero)
            Assert.Empty(verification.Findings);
        Assert.All(verification.Findings, finding => Assert.Equal(EventFindingKind.Altered, finding.Kind));
        Assert.Equal(billed, verification.Ledgers.Single().Billed);
    }
}
