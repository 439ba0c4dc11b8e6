using System.Globalization;
using AgentBudget.Replay;
using AgentBudget.Terminal;
using Spectre.Console;

namespace AgentBudget.Cli.Views;

/// <summary>What a budget would have done to each file, one row each, and why for those that it stopped.</summary>
internal static class ReplayTable
{
    public static void Write(IAnsiConsole console, IReadOnlyList<ReplayResult> results, bool isKept)
    {
        var table = new Table().RoundedBorder().AddColumn("Run");
        foreach (var header in new[] { "Budget", "Spent", "Full run", "Saved" }) table.AddColumn(new TableColumn(header).RightAligned().NoWrap());
        table.AddColumns("Stopped", "Event", "Time (UTC)", "Soft limit");
        if (isKept) table.AddColumn("Session");
        foreach (var result in results) AddRow(table, result, isKept);
        console.Write(table);
        if (results.Count == 1) ReportView.Write(console, results[0].Report, Ending.Describe(results[0]));
        if (results.Count == 1) return;
        foreach (var result in results.Where(result => result.StoppedAtEvent is not null)) console.WritePlainLine($"{NameOf(result)}: {Ending.Describe(result)}");
    }

    private static void AddRow(Table table, ReplayResult result, bool isKept)
    {
        var row = new List<Text>
        {
            new(NameOf(result)),
            new(result.Budget.ToString()),
            new(result.TotalSpent.ToString()),
            new(result.FullCost.ToString()),
            new(result.Saved.ToString()),
            new(result.TerminatedBy ?? "no"),
            new(result.StoppedAtEvent is { } stopped ? FormattableString.Invariant($"{stopped} of {result.EventsTotal}") : ""),
            new(result.StoppedAt?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) ?? ""),
            new(result.SoftLimitAtEvent is { } soft ? FormattableString.Invariant($"event {soft}") : ""),
        };
        if (isKept) row.Add(new Text(result.SessionId));
        table.AddRow(row);
    }

    private static string NameOf(ReplayResult result) => Path.GetFileNameWithoutExtension(result.File);
}
