using AgentBudget.Cli.Terminal;
using Spectre.Console;

namespace AgentBudget.Cli.Views;

/// <summary>A tenant on a terminal: its settings, where it stands, what it spent, and what was done to it.</summary>
internal static class TenantView
{
    /// <summary>All of it but what was spent on what.</summary>
    public static void WriteAll(IAnsiConsole console, TenantReport report, IReadOnlyList<TenantChange> history)
    {
        WriteStanding(console, report);
        var facts = new Facts(console);
        foreach (var row in TenantSettingRow.All)
            facts.Write(row.Name, row.Text(report.Settings));
        console.WriteText("");
        WriteWindows(console, report);
        if (history.Count == 0)
            return;
        console.WriteText("");
        WriteHistory(console, history);
    }

    /// <summary>What was spent, in all and in a day.</summary>
    public static void WriteReport(IAnsiConsole console, TenantReport report, TenantSpend spend, bool isDayBefore)
    {
        WriteStanding(console, report);
        console.WriteText("");
        WriteWindows(console, report);
        if (report.Breakdown.Categories.Count > 0)
        {
            console.WriteText("");
            ReportView.WriteBreakdown(console, report.Breakdown);
        }

        TenantSpendView.Write(console, spend, isDayBefore);
    }

    /// <summary>What a command has set, and how it stands now, where that could be seen.</summary>
    public static void WriteChange(IAnsiConsole console, TenantPath tenant, TenantSettings before, TenantSettings now, TenantReport? after)
    {
        var changed = TenantSettingRow.Changed(before, now).ToArray();
        if (changed.Length == 0)
        {
            console.WriteText($"Tenant {tenant} was set so already.");
            return;
        }

        console.WriteText($"Tenant {tenant} is set:");
        var listing = new Listing().Add("Setting").Add("Before").Add("Now");
        foreach (var row in changed)
            listing.AddRow(row.Name, row.Text(before), row.Text(now));
        listing.Write(console);
        foreach (var sums in after?.Sums.Where(sums => sums.LimitInForce > sums.LimitWanted) ?? [])
            console.WriteText(
                $"The limit in force ({Word(sums.Kind)}) is {sums.LimitInForce}, and falls to {sums.LimitWanted} as money comes back."
            );
    }

    /// <summary>The word for a window.</summary>
    public static string Word(WindowKind kind) => kind.ToString().ToLowerInvariant();

    /// <summary>Where a tenant stands, in a word.</summary>
    public static string State(TenantReport report) =>
        report.IsStopped ? "stopped"
        : report.IsPaused ? "paused"
        : report.IsExhausted ? "exhausted"
        : report.Version == 0 ? "never set"
        : "active";

    private static void WriteStanding(IAnsiConsole console, TenantReport report)
    {
        var facts = new Facts(console);
        facts.Write("Tenant", report.Path.ToString());
        facts.Write("State", Cell.State(State(report)));
        facts.Write("Open below", Facts.Number(report.Open));
        facts.Write("Opened ever", Facts.Number(report.Opened));
    }

    private static void WriteWindows(IAnsiConsole console, TenantReport report)
    {
        var listing = new Listing(keepsAll: true)
            .Add("Window")
            .Add("Spent", isNumber: true)
            .Add("Out", isNumber: true)
            .Add("Available", isNumber: true)
            .Add("Limit in force", isNumber: true)
            .Add("Wanted", isNumber: true)
            .Add("Overage", isNumber: true, mayGo: true)
            .Add("Spent before", isNumber: true, mayGo: true)
            .Add("Began (UTC)", mayGo: true)
            .Add("Ends (UTC)", mayGo: true);
        foreach (var sums in report.Sums)
        {
            listing.AddRow(
                Word(sums.Kind),
                sums.Spent.ToString(),
                sums.Outstanding.ToString(),
                sums.Available?.ToString() ?? "no limit",
                sums.LimitInForce?.ToString() ?? "none",
                sums.LimitWanted?.ToString() ?? "none",
                sums.Overage == Money.Zero ? "" : sums.Overage.ToString(),
                sums.Kind == WindowKind.Total ? "" : sums.PreviousSpent.ToString(),
                sums.Start is { } start ? Facts.Utc(start) : "",
                sums.End is { } end ? Facts.Utc(end) : ""
            );
        }

        listing.Write(console);
    }

    private static void WriteHistory(IAnsiConsole console, IReadOnlyList<TenantChange> history)
    {
        var listing = new Listing(keepsAll: true).Add("Change (UTC)").Add("What").Add("By").Add("Why", mayGo: true);
        foreach (var change in history)
        {
            var entry = change.Entry;
            string[] settings = [.. change.Settings.Select(row => $"{row.Name}: {row.Text(change.Before!)}, now {row.Text(change.Now!)}")];
            listing.AddRow(settings, [Facts.Utc(entry.At), What(entry), entry.By ?? "", entry.Reason ?? ""]);
        }

        listing.Write(console);
    }

    /// <summary>What an entry of the history did.</summary>
    public static string What(Entry entry)
    {
        var what = entry.Kind switch
        {
            EntryKind.TenantSet when entry.Amount > Money.Zero => $"topped up by {entry.Amount}",
            EntryKind.TenantSet => "set",
            _ => Words.Of(entry.Kind),
        };
        var isAbove =
            entry.PauseSource == PauseSources.Parent || (entry.Kind == EntryKind.Stopped && entry.PauseSource == PauseSources.None);
        return isAbove ? $"{what} with the tenant above" : what;
    }
}
