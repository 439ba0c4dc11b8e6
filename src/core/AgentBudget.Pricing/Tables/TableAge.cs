namespace AgentBudget.Pricing.Tables;

/// <summary>
/// The days of the prices that somebody looks after: all of the lowest layer, and of those above it what comes from published collections.
/// </summary>
internal sealed class TableAge
{
    private readonly PriceTable[] layersFromTheTop;
    private readonly DateOnly newest;

    public TableAge(PriceTable[] layersFromTheTop)
    {
        this.layersFromTheTop = layersFromTheTop;
        newest = Days().DefaultIfEmpty().Max();
    }

    /// <summary>The newest day that has come; the newest of all where none has.</summary>
    public DateOnly NewestDayAt(DateTimeOffset now)
    {
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        if (newest <= today)
            return newest;
        var come = Days().Where(day => day <= today).DefaultIfEmpty().Max();
        return come == default ? newest : come;
    }

    private IEnumerable<DateOnly> Days() =>
        layersFromTheTop
            .SelectMany((layer, index) => layer.Models.Where(model => model.IsCollected || index == layersFromTheTop.Length - 1))
            .SelectMany(model => model.Rows)
            .Select(row => row.Retrieved);
}
