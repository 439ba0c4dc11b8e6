using System.Globalization;
using AgentBudget.Pricing.Names;

namespace AgentBudget.Pricing.Tables;

/// <summary>Relations between rates that are possible and mostly a mistake: for whoever reviews a table, never a reason to refuse
/// it.</summary>
internal static class TableOddities
{
    private const decimal LargestMove = 5m;
    private const decimal LargestServiceFactor = 10m;

    public static IEnumerable<string> In(IEnumerable<PriceRow> rows)
    {
        var all = rows.ToArray();
        foreach (var row in all)
        {
            foreach (var (place, rates) in SheetsOf(row))
            {
                foreach (var oddity in OdditiesOf(rates, row.Rates))
                    yield return $"{row.Id}{place}: {oddity}";
            }

            foreach (var oddity in ServiceOddities(row))
                yield return $"{row.Id}: {oddity}";
        }

        foreach (var model in all.GroupBy(row => (row.Provider, row.Model)))
        {
            foreach (var name in model.First().Names.Where(name => ModelVersion.AreSiblings(name, model.Key.Model)))
                yield return $"{model.Key.Provider}/{model.Key.Model}: \"{name}\" looks like a sibling's name.";
            foreach (
                var oddity in Moves([.. model.Where(row => row.DailyWindow is null).OrderBy(row => row.From ?? DateTimeOffset.MinValue)])
            )
                yield return oddity;
        }
    }

    private static IEnumerable<(string Place, Rates Rates)> SheetsOf(PriceRow row)
    {
        yield return ("", row.Rates);
        foreach (var tier in row.ContextTiers)
            yield return (string.Create(CultureInfo.InvariantCulture, $" above {tier.ThresholdInputTokens}"), tier.Rates);
        foreach (var service in row.ServiceTiers)
            yield return ($" {service.Name}", service.Rates);
    }

    private static IEnumerable<string> OdditiesOf(Rates rates, Rates standard)
    {
        var input = rates[RateDimension.Input] ?? standard[RateDimension.Input];
        var output = rates[RateDimension.Output] ?? standard[RateDimension.Output];
        var write = rates[RateDimension.CacheWrite];
        if (rates[RateDimension.CacheRead] > input)
            yield return "a cache read costs more than input.";
        if (write < input && write > 0)
            yield return "a cache write costs less than input.";
        if (rates[RateDimension.CacheWriteOneHour] < write)
            yield return "an hour of cache costs less than five minutes.";
        if (output < input && output > 0)
            yield return "output costs less than input.";
    }

    private static IEnumerable<string> ServiceOddities(PriceRow row)
    {
        if (row.Rates[RateDimension.Input] is not > 0)
            yield break;
        foreach (var service in row.ServiceTiers)
        {
            var factor = service.Rates[RateDimension.Input] / row.Rates[RateDimension.Input];
            var isDiscount = service.Name is "batch" or "flex";
            if (isDiscount ? factor is > 1 or < 1 / LargestMove : factor is < 1 or > LargestServiceFactor)
                yield return $"{service.Name} input costs {service.Rates[RateDimension.Input]} beside {row.Rates[RateDimension.Input]}.";
        }
    }

    private static IEnumerable<string> Moves(PriceRow[] rows)
    {
        for (var i = 1; i < rows.Length; i++)
        {
            var factor = rows[i - 1].Rates[RateDimension.Input] is > 0 and var before ? rows[i].Rates[RateDimension.Input] / before : null;
            if (factor is > LargestMove or < 1 / LargestMove)
                yield return $"{rows[i].Id}: input moves more than fivefold.";
            if (rows[i - 1].Until != rows[i].From)
                yield return $"{rows[i].Id}: begins when {rows[i - 1].Id} has not just ended.";
        }
    }
}
