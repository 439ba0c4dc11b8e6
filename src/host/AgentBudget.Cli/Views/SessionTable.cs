using System.Globalization;
using AgentBudget.Cli.Terminal;
using Spectre.Console;

namespace AgentBudget.Cli.Views;

/// <summary>Sessions as rows, and one session as a list of facts.</summary>
internal static class SessionTable
{
    /// <summary>One row a session.</summary>
    public static void WriteRows(IAnsiConsole console, IEnumerable<SessionHead> heads, DateTimeOffset now)
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
        foreach (var head in heads)
        {
            var report = SessionReport.Of(head, [], now);
            listing.AddRow(
                head.SessionId,
                Cell.State(State(report)),
                head.Budget.ToString(),
                head.Spent.ToString(),
                head.Standing.Available.ToString(),
                Utc(head.LastEntryAt),
                report.Tenant?.ToString(),
                Utc(head.OpenedAt)
            );
        }

        listing.Write(console);
    }

    /// <summary>All there is to say about one session.</summary>
    public static void WriteFacts(IAnsiConsole console, SessionHead head, int openReservations, DateTimeOffset now)
    {
        var report = SessionReport.Of(head, [], now);
        var options = head.Options!;
        void Add(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
                WriteFact(console, name, value);
        }

        Add("Session", head.SessionId);
        WriteFact(console, "State", Cell.State(State(report)));
        Add("Mode", Words.Of(report.Mode));
        Add("Budget", head.Budget.ToString());
        Add("Spent", head.Spent.ToString());
        Add("Reserved", head.Reserved.ToString());
        Add("Available", head.Standing.Available.ToString());
        Add("Overage", head.Standing.Overage.ToString());
        Add("Open reservations", Number(openReservations));
        Add("Soft limits", string.Join(", ", options.SoftLimits.Select(limit => limit.ToString(CultureInfo.InvariantCulture))));
        Add("Loops", Loops(options.Loops));
        Add("Tenant", report.Tenant?.ToString());
        Add("Agent", report.Agent);
        Add("Tags", string.Join(", ", options.Tags.Select(tag => $"{tag.Key}={tag.Value}")));
        Add("Children", Number(head.ChildrenTotal));
        Add("Opened (UTC)", Utc(head.OpenedAt));
        Add("Last entry (UTC)", Utc(head.LastEntryAt));
        Add("Ended (UTC)", head.EndedAt is { } ended ? Utc(ended) : null);
        Add("Entries", Number(head.Sequence));
    }

    private static void WriteFact(IAnsiConsole console, string name, Cell value)
    {
        const int nameWidth = 20;
        var line = new StyledLine().Add(name.PadRight(nameWidth), Looks.Header);
        if (TextLines.LongestWord(value.Text) > console.Profile.Width - nameWidth)
        {
            console.WriteLine(line);
            console.WriteText(value.Text, indent: 2, value.Style);
            return;
        }

        foreach (var part in TextLines.Wrap(value.Text, console.Profile.Width - nameWidth))
        {
            console.WriteLine(line.Add(part, value.Style));
            line = new StyledLine().Space(nameWidth);
        }
    }

    private static string State(SessionReport report)
    {
        var breaker = report.Standing.Breaker.State;
        var state =
            report.EndedAt is not null ? "ended"
            : breaker == BreakerState.Closed ? "active"
            : Words.Of(breaker);
        var isPause = report.EndedAt is null && breaker == BreakerState.Paused;
        return report.TerminatedBy is null || isPause ? state : $"{state} ({report.TerminatedBy})";
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

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Utc(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
