using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

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
        console.WritePlainLine(report.ToString());
        if (report.Breakdown.Categories.Count > 0) console.Write(Breakdown(report.Breakdown));
        if (report.Breakdown.KnownFrom(CostSource.Provider) != report.Breakdown.Total) console.WritePlainLine(HowKnown(report.Breakdown));
        console.WritePlainLine(ending);
    }

    private static string HowKnown(Breakdown breakdown)
    {
        var known = Enum.GetValues<CostSource>().Where(source => breakdown.KnownFrom(source) != Money.Zero);
        return "Known from: " + string.Join(", ", known.Select(source => $"{Words.Of(source)} {breakdown.KnownFrom(source)}"));
    }

    private static Table Breakdown(Breakdown breakdown)
    {
        var table = new Table().RoundedBorder().AddColumns("Kind", "Name");
        foreach (var header in new[] { "Calls", "Input", "Cached", "Output", "Cost" }) table.AddColumn(new TableColumn(header).RightAligned().NoWrap());
        foreach (var kind in new[] { CallKind.Model, CallKind.Tool })
        {
            foreach (var category in breakdown.Categories.Where(category => category.Kind == kind)) table.AddRow(Row(category));
        }

        return table;
    }

    private static IRenderable[] Row(CategoryTotal category)
    {
        var isModel = category.Kind == CallKind.Model;
        return
        [
            new Text(isModel ? "model" : "tool"),
            new Text(category.Name),
            new Text(Count(category.Calls)),
            new Text(isModel ? Count(category.Usage.Input) : ""),
            new Text(isModel ? Count(category.Usage.CacheRead) : ""),
            new Text(isModel ? Count(category.Usage.Output) : ""),
            new Text(category.Total.ToString()),
        ];
    }

    private static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
