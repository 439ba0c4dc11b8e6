using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentBudget.Orleans.Prices;

/// <summary>Says once, at start, that prices are stale, and how old they are as a metric.</summary>
internal sealed class PriceAge(
    SiloPrices prices,
    IOptions<AgentBudgetOptions> options,
    LedgerMetrics metrics,
    LedgerClock clock,
    ILogger<SiloPrices> logger
) : ILifecycleParticipant<ISiloLifecycle>
{
    public void Participate(ISiloLifecycle observer) =>
        observer.Subscribe(nameof(PriceAge), ServiceLifecycleStage.RuntimeServices, StartAsync, _ => Task.CompletedTask);

    private TimeSpan Age => clock.Time.GetUtcNow() - new DateTimeOffset(prices.NewestDay, TimeOnly.MinValue, TimeSpan.Zero);

    private Task StartAsync(CancellationToken cancellationToken)
    {
        metrics.ObservePriceAge(() => Math.Max(0, Age.TotalDays));
        var staleAfter = options.Value.Prices.StaleAfter;
        if (staleAfter != Timeout.InfiniteTimeSpan && Age > staleAfter)
            PricesLog.PricesAreStale(
                new QuietLogger(logger),
                prices.NewestDay.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                (int)Age.TotalDays
            );
        return Task.CompletedTask;
    }
}
