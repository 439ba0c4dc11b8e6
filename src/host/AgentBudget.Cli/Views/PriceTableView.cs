using System.Globalization;
using AgentBudget.Cli.Terminal;
using Spectre.Console;

namespace AgentBudget.Cli.Views;

/// <summary>Price rows for people; what does not fit into columns stands below its row where it is asked for.</summary>
internal static class PriceTableView
{
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
        var listing = new Listing().Add("Row");
        foreach (var (header, _, mayGo) in Columns)
            listing.Add(header, isNumber: true, mayGo && !isVerbose);
        if (!isVerbose)
            listing.Add("Read on", mayGo: true).Add("Source", mayGo: true).Add("Also", mayGo: true);
        foreach (var row in rows)
        {
            Cell[] cells = [row.Id, .. Columns.Select(column => (Cell)Usd(row.Rates[column.Dimension]))];
            if (isVerbose)
                listing.AddRow(Below(row), cells);
            else
                listing.AddRow([.. cells, ReadOn(row), row.Source.ToString(), string.Join(", ", Others(row))]);
        }

        var gone = listing.Write(console);
        if (gone.Count > 0)
            console.WriteText(
                $"US dollars per million tokens. Not shown: {string.Join(", ", gone)}; --verbose shows all.",
                style: Looks.Quiet
            );
    }

    private static string[] Below(PriceRow row)
    {
        var rates = string.Join(", ", OtherRates(row));
        string[] source = [$"read on {ReadOn(row)}", row.Source.ToString()];
        return [.. rates.Length == 0 ? [] : new[] { $"also {rates}" }, .. Conditions(row, AllRates), .. source];
    }

    private static IEnumerable<string> Others(PriceRow row) => OtherRates(row).Concat(Conditions(row, InAndOut));

    private static IEnumerable<string> OtherRates(PriceRow row) =>
        Enum.GetValues<RateDimension>()
            .Where(dimension => row.Rates[dimension] is not null && !Columns.Any(column => column.Dimension == dimension))
            .Select(dimension => $"{RateDimensions.Of(dimension).Name} {Usd(row.Rates[dimension])}");

    private static IEnumerable<string> Conditions(PriceRow row, Func<Rates, string> ratesOf)
    {
        foreach (var tier in row.ContextTiers)
            yield return FormattableString.Invariant($"above {tier.ThresholdInputTokens} {ratesOf(tier.Rates)}");
        foreach (var tier in row.ServiceTiers)
        {
            yield return $"{tier.Name} {ratesOf(tier.Rates)}";
            foreach (var context in tier.ContextTiers)
                yield return FormattableString.Invariant($"{tier.Name} above {context.ThresholdInputTokens} {ratesOf(context.Rates)}");
        }

        foreach (var (region, factor) in row.RegionMultipliers)
            yield return $"{region} x{Usd(factor)}";
        if (row.Until is { } until)
            yield return $"until {until.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}";
    }

    private static string InAndOut(Rates rates) => $"input {Usd(rates[RateDimension.Input])} output {Usd(rates[RateDimension.Output])}";

    private static string AllRates(Rates rates) =>
        string.Join(
            ", ",
            Enum.GetValues<RateDimension>()
                .Where(dimension => rates[dimension] is not null)
                .Select(dimension => $"{RateDimensions.Of(dimension).Name} {Usd(rates[dimension])}")
        );

    private static string ReadOn(PriceRow row) => row.Retrieved.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Usd(decimal? usd) => usd?.ToString(CultureInfo.InvariantCulture) ?? "";
}
