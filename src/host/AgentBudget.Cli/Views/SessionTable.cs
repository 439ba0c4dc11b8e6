using AgentBudget.Cli.Terminal;
using Spectre.Console;

namespace AgentBudget.Cli.Views;

/// <summary>Sessions as rows, and one session as a list of facts.</summary>
internal static class SessionTable
{
    /// <summary>One row a session.</summary>
    public static void WriteRows(IAnsiConsole console, IEnumerable<SessionSummary> sessions)
    {
        var listing = new Listing()
            .Add("Session")
            .Add("State")
            .Add("Budget", isNumber: true)
            .Add("Spent", isNumber: true)
            .Add("Available", isNumber: true, mayGo: true)
            .Add("Last entry (UTC)", mayGo: true)
            .Add("Tenant", mayGo: true)
            .Add("Opened (UTC)", mayGo: true);
        foreach (var session in sessions)
        {
            listing.AddRow(
                session.SessionId,
                Cell.State(State(session)),
                session.Standing.Budget.ToString(),
                session.Standing.Spent.ToString(),
                session.Standing.Available.ToString(),
                Facts.Utc(session.LastEntryAt),
                session.Options.Tenant?.ToString(),
                Facts.Utc(session.OpenedAt)
            );
        }

        listing.Write(console);
    }

    /// <summary>All there is to say about one session.</summary>
    public static void WriteFacts(IAnsiConsole console, SessionSummary session)
    {
        var (options, standing) = (session.Options, session.Standing);
        var facts = new Facts(console);
        facts.Write("Session", session.SessionId);
        facts.Write("State", Cell.State(State(session)));
        facts.Write("Mode", Words.Of(options.Mode));
        facts.Write("Budget", standing.Budget.ToString());
        facts.Write("Spent", standing.Spent.ToString());
        facts.Write("Reserved", standing.Reserved.ToString());
        facts.Write("Available", standing.Available.ToString());
        facts.Write("Overage", standing.Overage.ToString());
        facts.Write("Open reservations", session.OpenReservations is { } open ? Facts.Number(open) : null);
        facts.Write("Soft limits", Facts.List(options.SoftLimits));
        facts.Write("Loops", Loops(options.Loops));
        facts.Write("Tenant", options.Tenant?.ToString());
        facts.Write("Agent", options.Agent);
        facts.Write("Tags", string.Join(", ", options.Tags.Select(tag => $"{tag.Key}={tag.Value}")));
        facts.Write("Children", Facts.Number(session.ChildrenTotal));
        facts.Write("Opened (UTC)", Facts.Utc(session.OpenedAt));
        facts.Write("Last entry (UTC)", Facts.Utc(session.LastEntryAt));
        facts.Write("Ended (UTC)", session.EndedAt is { } ended ? Facts.Utc(ended) : null);
        facts.Write("Entries", Facts.Number(standing.Sequence));
    }

    private static string State(SessionSummary session)
    {
        var breaker = session.Standing.Breaker.State;
        var state =
            session.EndedAt is not null ? "ended"
            : breaker == BreakerState.Closed ? "active"
            : Words.Of(breaker);
        var isPause = session.EndedAt is null && breaker == BreakerState.Paused;
        return session.TerminatedBy is null || isPause ? state : $"{state} ({session.TerminatedBy})";
    }

    private static string Loops(LoopPolicy policy)
    {
        if (!policy.Enabled)
            return "off";
        var rest = policy with { Rule = LoopPolicy.Default.Rule } == LoopPolicy.Default ? "the shipped rules" : "rules of its own";
        return policy.Rule.Enabled
            ? FormattableString.Invariant($"{policy.Rule.Calls} same calls within {policy.Rule.Window.TotalSeconds:0} s, and {rest}")
            : rest;
    }
}
