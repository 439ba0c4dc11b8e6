using System.Globalization;
using AgentBudget.Cli.Terminal;
using AgentBudget.Replay;
using Spectre.Console;

namespace AgentBudget.Cli.Views;

/// <summary>What a budget would have done: to one run in full, to several a row each, and why for those that it stopped.</summary>
internal static class ReplayView
{
    /// <param name="console">Where to.</param>
    /// <param name="results">What came of each file; at least one.</param>
    /// <param name="isKept">Whether the sessions can be looked at afterwards, so that their ids are worth a place.</param>
    public static void Write(IAnsiConsole console, IReadOnlyList<ReplayResult> results, bool isKept)
    {
        if (results.Count == 1) WriteOne(console, results[0], isKept);
        else WriteRows(console, results, isKept);
    }

    private static void WriteOne(IAnsiConsole console, ReplayResult result, bool isKept)
    {
        console.WritePlainLine($"{NameOf(result)}: {Terms(result)}{(isKept ? $", session {result.SessionId}" : "")}");
        console.WritePlainLine(
            $"Full run: {result.FullCost} | Saved: {result.Saved} | Stopped: {Stopped(result)} | Soft limit: {SoftLimit(result) ?? "not reached"}");
        ReportView.Write(console, result.Report, Ending.Describe(result));
    }

    private static void WriteRows(IAnsiConsole console, IReadOnlyList<ReplayResult> results, bool isKept)
    {
        console.WritePlainLine($"Each run: {Terms(results[0])}");
        var table = new Table().RoundedBorder().AddColumn("Run");
        foreach (var header in new[] { "Spent", "Full run", "Saved" }) table.AddColumn(new TableColumn(header).RightAligned().NoWrap());
        table.AddColumns("Stopped", "Event", "Time (UTC)", "Soft limit");
        if (isKept) table.AddColumn("Session");
        foreach (var result in results) AddRow(table, result, isKept);
        console.Write(table);
        foreach (var result in results.Where(result => result.StoppedAtEvent is not null))
            console.WritePlainLine($"{NameOf(result)}: {Ending.Describe(result)}");
    }

    private static void AddRow(Table table, ReplayResult result, bool isKept)
    {
        var row = new List<Text>
        {
            new(NameOf(result)),
            new(result.TotalSpent.ToString()),
            new(result.FullCost.ToString()),
            new(result.Saved.ToString()),
            new(result.StoppedBy ?? "no"),
            new(result.StoppedAtEvent is { } stopped ? FormattableString.Invariant($"{stopped} of {result.EventsTotal}") : ""),
            new(Time(result) ?? ""),
            new(SoftLimit(result) ?? ""),
        };
        if (isKept) row.Add(new Text(result.SessionId));
        table.AddRow(row);
    }

    private static string Terms(ReplayResult result) => $"budget {result.Budget}, mode {(result.Mode == ReplayMode.Charge ? "charge" : "reserve")}";

    private static string Stopped(ReplayResult result) => result.StoppedBy is { } word ? $"{word}, {Time(result)} UTC" : "no";

    private static string? SoftLimit(ReplayResult result) => result.SoftLimitAtEvent is { } soft ? FormattableString.Invariant($"event {soft}") : null;

    private static string? Time(ReplayResult result) => result.StoppedAt?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    // A file's name may hold anything but a slash.
    private static string NameOf(ReplayResult result) =>
        string.Concat(Path.GetFileNameWithoutExtension(result.File).Select(character => char.IsControl(character) ? '?' : character));
}
