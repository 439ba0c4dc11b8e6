using System.Globalization;
using AgentBudget.Pricing.Import.Sources;

namespace AgentBudget.Pricing.Import.Deriving;

/// <summary>From the statements about one name to its rows.</summary>
internal static class RowDerivation
{
    public static IReadOnlyList<RowEntry> RowsOf(StatementChoice choice, ProviderMapping provider)
    {
        var first = choice.Believed[0];
        var dated = choice.Believed.FirstOrDefault(statement => statement.Rows.Count > 1 && statement.Use != StatementUse.Fees);
        var current = SheetMerge.Of(choice.Believed, choice.Others);
        // What only some say of the price, such as service tiers, belongs to the row that they agree with.
        var rows = dated is null ? [first.Current] : dated.Rows;
        return
        [
            .. rows.Select(
                (row, index) => RowOf(row, index, row == (dated ?? first).Current ? current : row.Standard.WithWebSearchOf(current))
            ),
        ];

        RowEntry RowOf(StatedRow row, int index, RateSheet sheet)
        {
            var isCurrent = ReferenceEquals(sheet, current);
            var searchesAlways = provider.RequestFeeIsWebSearch && sheet[RateDimension.Request] > 0;
            if (searchesAlways)
                sheet = sheet.WithRequestFeeAsWebSearch();
            var next = rows.Skip(index + 1).FirstOrDefault(later => later.From is not null && later.Window is null);
            return new RowEntry
            {
                From = row.From,
                Until = next?.From,
                Window = row.Window,
                Standard = sheet,
                TiersIncludeThreshold = provider.TiersIncludeThreshold && sheet.Tiers.Count > 0,
                MinWebSearches = searchesAlways ? 1 : 0,
                ServiceTiers = ServiceTiersOf(choice.Believed, sheet, isCurrent),
                Regions = choice.Believed.Select(statement => statement.Current.Regions).FirstOrDefault(regions => regions.Count > 0) ?? [],
                Source = (dated ?? first).Address,
                Retrieved = (dated ?? first).Retrieved,
                Note = NoteOf(choice, sheet, isCurrent),
            };
        }
    }

    private static SortedDictionary<string, RateSheet> ServiceTiersOf(IReadOnlyList<Statement> statements, RateSheet sheet, bool isCurrent)
    {
        var tiers = new SortedDictionary<string, RateSheet>(StringComparer.Ordinal);
        foreach (var row in statements.Select(statement => statement.Current))
        {
            foreach (var (name, factor) in row.ServiceFactors)
                tiers.TryAdd(name, sheet.Times(factor));
            if (!isCurrent)
                continue;
            foreach (var (name, special) in row.ServiceTiers)
                tiers.TryAdd(name, InProportion(name, special, row.Standard, sheet));
        }

        return tiers;
    }

    // A tier is stated beside its source's own standard rates; where those are not the ones believed, its proportion to them is. Audio that
    // a dearer tier leaves open is dearer, too.
    private static RateSheet InProportion(string tier, RateSheet special, RateSheet own, RateSheet believed)
    {
        var moved = new RateSheet().With(special);
        foreach (var (dimension, usd) in special.Rates)
        {
            if (own[dimension] is > 0 and var stated && believed.Effective(dimension) is > 0 and var rate && rate != stated)
                moved.Set(dimension, usd * rate / stated);
        }

        foreach (var (audio, whole) in Audio.Where(_ => tier == "priority"))
            moved.Set(audio, moved[audio] ?? (believed[whole] is > 0 and var usd ? believed[audio] * special[whole] / usd : null));
        return moved;
    }

    private static readonly (RateDimension Audio, RateDimension Whole)[] Audio =
    [
        (RateDimension.InputAudio, RateDimension.Input),
        (RateDimension.OutputAudio, RateDimension.Output),
    ];

    private static string? NoteOf(StatementChoice choice, RateSheet current, bool isCurrent)
    {
        if (!isCurrent)
            return null;
        var parts = new List<string>();
        foreach (var other in choice.Others)
            parts.Add(
                $"{other.Source} states {Usd(other.Current.Standard[RateDimension.Input])} and "
                    + $"{Usd(other.Current.Standard[RateDimension.Output])}."
            );
        foreach (var statement in choice.Believed.Where(statement => statement.Use != StatementUse.Fees))
        {
            var differing = statement
                .Current.Standard.Rates.Where(rate => current[rate.Key] != rate.Value)
                .Select(rate => $"{RateDimensions.Of(rate.Key).Name} {Usd(rate.Value)}")
                .ToArray();
            if (differing.Length > 0)
                parts.Add($"{statement.Source} states {string.Join(", ", differing)}.");
        }

        var helpers = choice
            .Believed.Skip(1)
            .Where(statement =>
                statement.Current is { ServiceTiers.Count: > 0 } or { ServiceFactors.Count: > 0 } or { Regions.Count: > 0 }
            );
        foreach (var helper in helpers)
            parts.Add($"Service tiers and regions from {helper.Source}.");
        return parts.Count == 0 ? null : string.Join(' ', parts.Distinct());
    }

    private static string Usd(decimal? usd) => usd?.ToString(CultureInfo.InvariantCulture) ?? "nothing";
}
