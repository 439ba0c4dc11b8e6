using System.Globalization;
using Spectre.Console;

namespace AgentBudget.Cli.Terminal;

/// <summary>A session's report on a terminal: the line, the breakdown by model and tool, and why it ended.</summary>
public static class ReportView
{
    /// <summary>Writes all of it.</summary>
    /// <param name="console">Where to.</param>
    /// <param name="report">The report.</param>
    /// <param name="ending">Why it ended, in a sentence.</param>
    public static void Write(IAnsiConsole console, SessionReport report, string ending)
    {
        ArgumentNullException.ThrowIfNull(console);
        ArgumentNullException.ThrowIfNull(report);
        console.WriteText(report.ToString());
        if (report.Breakdown.Categories.Count > 0)
            WriteBreakdown(console, report.Breakdown);
        if (report.Breakdown.KnownFrom(CostSource.Provider) != report.Breakdown.Total)
            console.WriteText(HowKnown(report.Breakdown));
        console.WriteText(ending, style: report.TerminatedBy is { } why ? Looks.Of(why) : null);
    }

    /// <summary>Writes the breakdown by model and tool.</summary>
    /// <param name="console">Where to.</param>
    /// <param name="breakdown">The breakdown.</param>
    public static void WriteBreakdown(IAnsiConsole console, Breakdown breakdown)
    {
        ArgumentNullException.ThrowIfNull(console);
        ArgumentNullException.ThrowIfNull(breakdown);
        Breakdown(breakdown).Write(console);
    }

    private static string HowKnown(Breakdown breakdown)
    {
        var known = Enum.GetValues<CostSource>().Where(source => breakdown.KnownFrom(source) != Money.Zero);
        return "Known from: " + string.Join(", ", known.Select(source => $"{Words.Of(source)} {breakdown.KnownFrom(source)}"));
    }

    private static Listing Breakdown(Breakdown breakdown)
    {
        var listing = new Listing()
            .Add("Name")
            .Add("Kind")
            .Add("Calls", isNumber: true)
            .Add("Cost", isNumber: true)
            .Add("Input", isNumber: true, mayGo: true)
            .Add("Cached", isNumber: true, mayGo: true)
            .Add("Output", isNumber: true, mayGo: true);
        foreach (var kind in new[] { CallKind.Model, CallKind.Tool })
        {
            foreach (var category in breakdown.Categories.Where(category => category.Kind == kind))
                listing.AddRow(Row(category));
        }

        return listing;
    }

    private static Cell[] Row(CategoryTotal category)
    {
        var isModel = category.Kind == CallKind.Model;
        return
        [
            category.Name,
            isModel ? "model" : "tool",
            Count(category.Calls),
            category.Total.ToString(),
            isModel ? Count(category.Usage.Input) : "",
            isModel ? Count(category.Usage.CacheRead) : "",
            isModel ? Count(category.Usage.Output) : "",
        ];
    }

    private static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
