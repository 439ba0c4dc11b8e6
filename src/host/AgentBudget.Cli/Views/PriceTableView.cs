using System.Globalization;
using Spectre.Console;

namespace AgentBudget.Cli.Views;

/// <summary>Price rows as a table for people; what does not fit into columns is named.</summary>
internal static class PriceTableView
{
    private static readonly (string Header, RateDimension Dimension)[] Columns =
    [
        ("Input", RateDimension.Input), ("Output", RateDimension.Output), ("Cache read", RateDimension.CacheRead),
        ("Cache write", RateDimension.CacheWrite),
    ];

    public static Table Rows(IEnumerable<PriceRow> rows)
    {
        var table = new Table().RoundedBorder().AddColumn(new TableColumn("Row").NoWrap());
        foreach (var (header, _) in Columns) table.AddColumn(new TableColumn(header).RightAligned().NoWrap());
        table.AddColumns("Also", "Source", "Read on");
        foreach (var row in rows)
        {
            Text[] cells =
            [
                new(row.Id), .. Columns.Select(column => new Text(Usd(row.Rates[column.Dimension]))),
                new(string.Join(", ", Others(row))), new(row.Source.ToString()), new(row.Retrieved.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
            ];
            table.AddRow(cells);
        }

        return table;
    }

    private static IEnumerable<string> Others(PriceRow row)
    {
        foreach (var dimension in Enum.GetValues<RateDimension>().Where(dimension => !Columns.Any(column => column.Dimension == dimension)))
        {
            if (row.Rates[dimension] is { } usd) yield return $"{RateDimensions.Of(dimension).Name} {Usd(usd)}";
        }

        foreach (var tier in row.ContextTiers)
            yield return FormattableString.Invariant($"above {tier.ThresholdInputTokens} input {Usd(tier.Rates[RateDimension.Input])} output {Usd(tier.Rates[RateDimension.Output])}");
        foreach (var tier in row.ServiceTiers) yield return $"{tier.Name} input {Usd(tier.Rates[RateDimension.Input])} output {Usd(tier.Rates[RateDimension.Output])}";
        foreach (var (region, factor) in row.RegionMultipliers) yield return $"{region} x{Usd(factor)}";
        if (row.Until is { } until) yield return $"until {until.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}";
    }

    private static string Usd(decimal? usd) => usd?.ToString(CultureInfo.InvariantCulture) ?? "";
}
