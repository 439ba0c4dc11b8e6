namespace AgentBudget.Ledger.Tests;

/// <summary>The events of a session as an export has them, a line each.</summary>
internal static class EventLines
{
    public static string[] Of(SessionShell session)
    {
        var origin = EventOrigin.Of(session.Head);
        var (previous, lines) = (0L, new List<string>());
        foreach (var entry in session.Timeline)
        {
            var events = BudgetEvents.Of(entry, origin, previous);
            lines.AddRange(events.Select(BudgetEventJson.Write));
            previous = events.Count > 0 ? entry.Sequence : previous;
        }

        return [.. lines];
    }
}
