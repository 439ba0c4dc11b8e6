using AgentBudget.Pricing.Import.Sources;

namespace AgentBudget.Pricing.Import.Deriving;

/// <summary>
/// One sheet from several that agree on input and output. For every other rate, what most of them make of a call: a source that keeps
/// such rates and states none lets the call inherit. Where as many state it as do not, it is stated.
/// </summary>
internal static class SheetMerge
{
    /// <summary>Dimensions that some sources do not keep at all, so that their silence says nothing.</summary>
    private static readonly RateDimension[] SilentlyUnknown =
    [
        RateDimension.InputImage,
        RateDimension.OutputImage,
        RateDimension.CacheReadAudio,
        RateDimension.CacheReadImage,
        .. RateDimensions.All.Where(row => row.Unit != RateUnit.PerMillionTokens).Select(row => row.Dimension),
    ];

    /// <summary>Merges what statements say of now.</summary>
    /// <param name="statements">Those that agree on input and output.</param>
    /// <param name="others">Those that do not. One that agrees on the input knows what its parts cost, and likewise for the output.</param>
    public static RateSheet Of(IReadOnlyList<Statement> statements, IReadOnlyList<Statement> others)
    {
        var ranked = statements.Where(statement => statement.Use != StatementUse.Fees).OrderBy(Rank).ToArray();
        var sheets = ranked.Select(statement => statement.Current.Standard).ToArray();
        var fees = statements
            .Where(statement => statement.Use == StatementUse.Fees)
            .Select(statement => statement.Current.Standard)
            .ToArray();
        var merged = new RateSheet();
        foreach (var dimension in Enum.GetValues<RateDimension>())
        {
            var alike = WholeOf(dimension) is { } whole ? others.Where(other => other.Current.Standard[whole] == sheets[0][whole]) : [];
            var asked = ranked.Concat(alike).Where(statement => Keeps(statement, dimension)).ToArray();
            var said = asked
                .Where(statement => !IsDearRead(statement.Current.Standard, dimension, asked))
                .Select(statement => Credible(statement.Current.Standard, dimension, sheets));
            merged.Set(dimension, MostSaid([.. said], silenceCounts: !SilentlyUnknown.Contains(dimension)));
        }

        merged.Set(
            RateDimension.OutputImage,
            merged[RateDimension.OutputImage] ?? MostSaid([.. fees.Select(sheet => sheet[RateDimension.OutputImage])], false)
        );
        // What a search costs does not hang on what a token costs: where the believed say nothing, a router that passes it on or one who
        // is wrong about tokens is asked. Without a rate a call with a search has no price at all.
        var askedNext = fees.Concat(others.Select(other => other.Current.Standard)).ToArray();
        merged.Set(
            RateDimension.WebSearch,
            merged[RateDimension.WebSearch] ?? MostSaid([.. askedNext.Select(sheet => sheet[RateDimension.WebSearch])], false)
        );
        AddTiers(merged, ranked);
        return merged;
    }

    private static RateDimension? WholeOf(RateDimension dimension) =>
        dimension switch
        {
            RateDimension.CacheRead or RateDimension.CacheWrite or RateDimension.CacheWriteOneHour or RateDimension.InputAudio =>
                RateDimension.Input,
            RateDimension.Reasoning or RateDimension.OutputAudio => RateDimension.Output,
            _ => null,
        };

    // models.dev knows cache writes for one time to live only, so that its silence about an hour says nothing.
    private static bool Keeps(Statement statement, RateDimension dimension) =>
        dimension != RateDimension.CacheWriteOneHour || statement.Source != "models.dev";

    // Thresholds are one statement: half of one source's steps and half of another's would be nobody's price.
    // The seller's own list decides, and a source that dates its prices and has ended them; another seller's tiers are none of this one's.
    // Otherwise silence says nothing, save that of litellm, which keeps them for every seller: against it one statement of models.dev alone
    // is a copy of what is no more.
    private static void AddTiers(RateSheet merged, Statement[] ranked)
    {
        if (ranked.Any(HasEndedItsTiers))
            return;
        var asked = ranked[0].Source == "OpenRouter" ? ranked[..1] : ranked;
        var staters = asked.Where(statement => statement.Current.Standard.Tiers.Count > 0).ToArray();
        if (staters.All(statement => statement.IsBorrowed) && !asked.All(statement => statement.IsBorrowed))
            return;
        if (staters is [{ Source: "models.dev" }] && asked.Any(statement => statement.Source == "litellm"))
            return;
        var best = staters
            .Select(statement => statement.Current.Standard)
            .GroupBy(StepsOf)
            .OrderByDescending(group => group.Count())
            .FirstOrDefault()
            ?.ToArray();
        if (best is null)
            return;
        foreach (var threshold in best[0].Tiers.Keys)
        {
            foreach (var dimension in merged.Rates.Keys)
                merged.SetTier(
                    threshold,
                    dimension,
                    MostSaid([.. best.Select(sheet => InTier(sheet, threshold, dimension))], silenceCounts: false)
                );
        }
    }

    private static bool HasEndedItsTiers(Statement statement) =>
        statement.Current.Standard.Tiers.Count == 0 && statement.Rows.Any(row => row.Standard.Tiers.Count > 0);

    private static decimal? InTier(RateSheet sheet, long threshold, RateDimension dimension) =>
        sheet.Tiers[threshold].TryGetValue(dimension, out var usd) ? usd : null;

    private static string StepsOf(RateSheet sheet) =>
        string.Join(
            ';',
            sheet.Tiers.Select(tier =>
                FormattableString.Invariant(
                    $"{tier.Key}:{tier.Value.GetValueOrDefault(RateDimension.Input)}:{tier.Value.GetValueOrDefault(RateDimension.Output)}"
                )
            )
        );

    // A part that is free while its whole is not is more often a hole in a source than a gift, unless two say so.
    private static decimal? Credible(RateSheet sheet, RateDimension dimension, RateSheet[] all) =>
        sheet[dimension] is 0
        && dimension is not (RateDimension.Input or RateDimension.Output)
        && all.Count(other => other[dimension] is 0) < 2
            ? null
            : sheet[dimension];

    // A hit that is dearer than a miss is a slip (the output's price in the place of it), where another source states one that is not.
    private static bool IsDearRead(RateSheet sheet, RateDimension dimension, Statement[] asked) =>
        dimension == RateDimension.CacheRead
        && sheet[RateDimension.CacheRead] > sheet[RateDimension.Input]
        && Array.Exists(
            asked,
            other => other.Current.Standard[RateDimension.CacheRead] is > 0 and var usd && usd <= sheet[RateDimension.Input]
        );

    private static decimal? MostSaid(IReadOnlyList<decimal?> said, bool silenceCounts) =>
        said.Where(usd => silenceCounts || usd is not null)
            .GroupBy(usd => usd)
            .OrderByDescending(group => group.Count())
            .ThenByDescending(group => group.Key is not null)
            .FirstOrDefault()
            ?.Key;

    private static int Rank(Statement statement) =>
        statement.Source switch
        {
            "OpenRouter" => 0,
            "genai-prices" => 1,
            "models.dev" => 2,
            _ => 3,
        };
}
