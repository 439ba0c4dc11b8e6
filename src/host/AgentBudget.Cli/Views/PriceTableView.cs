using System.Globalization;
using AgentBudget.Cli.Terminal;
using Spectre.Console;

namespace AgentBudget.Cli.Views;

/// <summary>Price rows for people; what does not fit into columns stands below its row where all is asked for.</summary>
internal static class PriceTableView
{
    private const string Unit = "US dollars per million tokens";
    private const string OtherUnits =
        " Others by the million characters or seconds, and for each search, picture, container or request; input/output where two stand "
        + "together.";
    private const string Rest = "Also";

    private static readonly (string Header, RateDimension Dimension, bool MayGo)[] Columns =
    [
        ("Input", RateDimension.Input, false),
        ("Output", RateDimension.Output, false),
        ("Cache read", RateDimension.CacheRead, true),
        ("Cache write", RateDimension.CacheWrite, true),
    ];

    /// <param name="console">Where to.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="isVerbose">Whether all that a row states is shown, on lines of its own.</param>
    public static void Write(IAnsiConsole console, IReadOnlyList<PriceRow> rows, bool isVerbose)
    {
        var listing = new Listing(keepsAll: isVerbose).Add("Row");
        foreach (var (header, _, mayGo) in Columns)
            listing.Add(header, isNumber: true, mayGo);
        if (!isVerbose)
            listing.Add("Read on", mayGo: true).Add("Source", mayGo: true).Add(Rest, mayGo: true);
        var sources = new List<string>();
        foreach (var row in rows)
        {
            Cell[] cells = [row.Id, .. Columns.Select(column => (Cell)Usd(row.Rates[column.Dimension]))];
            if (isVerbose)
                listing.AddRow([.. Others(row), $"source {NumberOf(row, sources)}"], cells);
            else
                listing.AddRow([.. cells, ReadOn(row), row.Source.ToString(), string.Join("; ", Others(row))]);
        }

        var gone = listing.Write(console);
        console.WriteText("");
        console.WriteText($"{Unit}.{(gone.Contains(Rest) ? "" : OtherUnits)}", style: Looks.Quiet);
        if (gone.Count > 0)
            console.WriteText($"Not shown: {string.Join(", ", gone)}; --verbose shows all.", style: Looks.Quiet);
        for (var i = 0; i < sources.Count; i++)
            console.WriteText(FormattableString.Invariant($"Source {i + 1}, {sources[i]}"), style: Looks.Quiet);
    }

    // Many rows were read from one page.
    private static int NumberOf(PriceRow row, List<string> sources)
    {
        var source = $"read on {ReadOn(row)}: {row.Source}";
        if (!sources.Contains(source))
            sources.Add(source);
        return sources.IndexOf(source) + 1;
    }

    private static IEnumerable<string> Others(PriceRow row) => OtherRates(row).Concat(Conditions(row));

    private static IEnumerable<string> OtherRates(PriceRow row) =>
        Enum.GetValues<RateDimension>()
            .Where(dimension => row.Rates[dimension] is not null && !Columns.Any(column => column.Dimension == dimension))
            .Select(dimension => $"{RateDimensions.Of(dimension).Name} {Usd(row.Rates[dimension])}");

    private static IEnumerable<string> Conditions(PriceRow row)
    {
        foreach (var tier in row.ContextTiers)
            yield return FormattableString.Invariant($"above {tier.ThresholdInputTokens} {InAndOut(tier.Rates)}");
        foreach (var tiers in row.ServiceTiers.GroupBy(tier => InAndOut(tier.Rates), tier => tier.Name))
            yield return $"{string.Join(", ", tiers)} {tiers.Key}";
        foreach (var (region, factor) in row.RegionMultipliers)
            yield return $"{region} x{Usd(factor)}";
        if (row.Until is { } until)
            yield return $"until {until.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}";
    }

    private static string InAndOut(Rates rates) => $"{Usd(rates[RateDimension.Input])}/{Usd(rates[RateDimension.Output])}";

    private static string ReadOn(PriceRow row) => row.Retrieved.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Usd(decimal? usd) => usd?.ToString(CultureInfo.InvariantCulture) ?? "";
}
