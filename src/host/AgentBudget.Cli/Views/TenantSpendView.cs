using System.Globalization;
using AgentBudget.Cli.Terminal;
using Spectre.Console;

namespace AgentBudget.Cli.Views;

/// <summary>What a tenant spent in a day, on a terminal: on what, by whom, what its runs cost, and how fast money goes.</summary>
internal static class TenantSpendView
{
    public static void Write(IAnsiConsole console, TenantSpend spend, bool isDayBefore)
    {
        var facts = new Facts(console);
        console.WriteText("");
        facts.Write(isDayBefore ? "Yesterday" : "Today", $"{spend.Spent} from {Facts.Utc(spend.Start)} to {Facts.Utc(spend.End)} (UTC)");
        facts.Write("Last hour", Burn(spend.LastHour));
        facts.Write("Last 24 hours", Burn(spend.LastDay));
        foreach (var list in spend.Lists.Where(list => list.Names.Count > 0))
            WriteList(console, list);
        if (spend.Runs.Runs > 0)
            WriteRuns(console, spend);
    }

    private static void WriteList(IAnsiConsole console, SpendList list)
    {
        console.WriteText("");
        var kind = list.By == SpendBy.Tag ? $"Tag {list.Tag}" : list.By.ToString();
        var listing = new Listing().Add(kind).Add("Spent", isNumber: true).Add("Calls", isNumber: true);
        foreach (var line in list.Names)
            listing.AddRow(line.Name, line.Spent.ToString(), Facts.Number(line.Calls));
        listing.Write(console);
    }

    private static void WriteRuns(IAnsiConsole console, TenantSpend spend)
    {
        console.WriteText("");
        var listing = new Listing(keepsAll: true)
            .Add("Runs that ended")
            .Add("Runs", isNumber: true)
            .Add("Cost", isNumber: true)
            .Add("Average", isNumber: true)
            .Add("Median", isNumber: true, mayGo: true)
            .Add("90th", isNumber: true, mayGo: true)
            .Add("99th", isNumber: true, mayGo: true)
            .Add("Stopped", isNumber: true, mayGo: true);
        foreach (var runs in spend.RunsByAgent.Prepend(spend.Runs))
            listing.AddRow(
                runs.Agent ?? "all",
                Facts.Number(runs.Runs),
                runs.Cost.ToString(),
                runs.Average.ToString(),
                runs.Median.ToString(),
                runs.Percentile90.ToString(),
                runs.Percentile99.ToString(),
                Facts.Number(runs.Stopped)
            );
        listing.Write(console);
    }

    // The limit that is reached first is what matters.
    private static string Burn(BurnRate rate)
    {
        var burn = $"{rate.Spent}, {rate.PerHour} an hour";
        var first = Enum.GetValues<WindowKind>()
            .Where(kind => rate.TimeLeft[(int)kind] is not null)
            .MinBy(kind => rate.TimeLeft[(int)kind]);
        return rate.TimeLeft[(int)first] is { } left ? $"{burn}; the limit ({TenantView.Word(first)}) lasts {Lasts(left)}" : burn;
    }

    private static string Lasts(TimeSpan left) =>
        left.TotalDays >= 2 ? string.Create(CultureInfo.InvariantCulture, $"{Math.Min(left.TotalDays, 99_999):0} days")
        : left.TotalHours >= 2 ? string.Create(CultureInfo.InvariantCulture, $"{left.TotalHours:0} hours")
        : string.Create(CultureInfo.InvariantCulture, $"{left.TotalMinutes:0} minutes");
}
