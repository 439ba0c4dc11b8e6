using System.Globalization;
using AgentBudget.Cli.Terminal;
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
        if (results.Count == 1)
            WriteOne(console, results[0], isKept);
        else
            WriteRows(console, results, isKept);
    }

    private static void WriteOne(IAnsiConsole console, ReplayResult result, bool isKept)
    {
        console.WriteText($"{RunName.Of(result.File)}: {Terms(result)}{(isKept ? $", session {result.SessionId}" : "")}");
        console.WriteText(
            $"Full run: {result.FullCost} | Saved: {result.Saved} | Stopped: {Stopped(result)} | Soft limit: "
                + $"{SoftLimit(result) ?? "not reached"}"
        );
        ReportView.Write(console, result.Report, Ending.Describe(result));
    }

    private static void WriteRows(IAnsiConsole console, IReadOnlyList<ReplayResult> results, bool isKept)
    {
        console.WriteText($"Each run: {Terms(results[0])}");
        var listing = new Listing()
            .Add("Run")
            .Add("Spent", isNumber: true)
            .Add("Full run", isNumber: true, mayGo: true)
            .Add("Saved", isNumber: true, mayGo: true)
            .Add("Stopped")
            .Add("Event", mayGo: true)
            .Add("Soft limit", mayGo: true)
            .Add("Time (UTC)", mayGo: true)
            .Add("Session", mayGo: true);
        foreach (var result in results)
        {
            listing.AddRow(
                RunName.Of(result.File),
                result.TotalSpent.ToString(),
                result.FullCost.ToString(),
                result.Saved.ToString(),
                Cell.State(result.StoppedBy ?? "no"),
                result.StoppedAtEvent is { } at ? FormattableString.Invariant($"{at} of {result.EventsTotal}") : "",
                SoftLimit(result),
                Time(result),
                isKept ? result.SessionId : ""
            );
        }

        listing.Write(console);
        var stopped = results.Where(result => result.StoppedAtEvent is not null).ToArray();
        if (stopped.Length > 0)
            console.WriteText("");
        foreach (var result in stopped)
            console.WriteText($"{RunName.Of(result.File)}: {Ending.Describe(result)}");
    }

    private static string Terms(ReplayResult result) => $"budget {result.Budget}, mode {ReplayWords.Of(result.Mode)}";

    private static string Stopped(ReplayResult result) => result.StoppedBy is { } word ? $"{word}, {Time(result)} UTC" : "no";

    private static string? SoftLimit(ReplayResult result) =>
        result.SoftLimitAtEvent is { } soft ? FormattableString.Invariant($"event {soft}") : null;

    private static string? Time(ReplayResult result) =>
        result.StoppedAt?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
