using AgentBudget.Pricing.Names;

namespace AgentBudget.Pricing.Tables;

/// <summary>
/// Names of a model in a region beside the model itself. A region adds some per cent to all that the model costs; one that costs several
/// times as much, or more on one side than on the other, has the price of another day or of another model.
/// </summary>
internal static class RegionOddities
{
    private const decimal LeastFactor = 0.8m;
    private const decimal LargestFactor = 2m;
    private const decimal MostApart = 0.1m;

    public static IEnumerable<string> In(IReadOnlyList<PriceRow> rows)
    {
        var now = rows.Where(row => row is { Until: null, DailyWindow: null }).ToArray();
        var byName = now.SelectMany(row => row.Names, (row, name) => (name, row)).ToLookup(pair => (pair.row.Provider, pair.name));
        foreach (var row in now)
        {
            foreach (var name in row.Names)
            {
                if (!RegionName.TryStrip(name, out _, out var model))
                    continue;
                foreach (var (_, other) in byName[(row.Provider, model)].Where(pair => pair.row != row))
                {
                    if (FactorsOf(row, other) is var (input, output) && IsOdd(input, output))
                        yield return FormattableString.Invariant(
                            $"{row.Provider}/{name} costs {input:0.##} times the input and {output:0.##} times the output of {other.Id}."
                        );
                }
            }
        }
    }

    private static (decimal Input, decimal Output)? FactorsOf(PriceRow region, PriceRow model)
    {
        if (Factor(RateDimension.Input) is not { } input)
            return null;
        return (input, Factor(RateDimension.Output) ?? input);

        decimal? Factor(RateDimension dimension) => model.Rates[dimension] is > 0 and var usd ? region.Rates[dimension] / usd : null;
    }

    private static bool IsOdd(decimal input, decimal output) =>
        Math.Min(input, output) < LeastFactor
        || Math.Max(input, output) > LargestFactor
        || Math.Abs(input - output) > MostApart * Math.Max(input, output);
}
