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

    private Task StartAsync(CancellationToken cancellationToken)
    {
        // What is observed for as long as the silo runs is the prices, and not this.
        var (observed, now) = (prices, clock);
        metrics.ObservePriceAge(() => Math.Max(0, AgeOf(observed, now).TotalDays));
        var staleAfter = options.Value.Prices.StaleAfter;
        var age = AgeOf(prices, clock);
        if (staleAfter != Timeout.InfiniteTimeSpan && age > staleAfter)
            PricesLog.PricesAreStale(
                new QuietLogger(logger),
                prices.NewestDayAt(clock.Time.GetUtcNow()).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                (int)age.TotalDays
            );
        return Task.CompletedTask;
    }

    private static TimeSpan AgeOf(SiloPrices prices, LedgerClock clock) =>
        clock.Time.GetUtcNow() - new DateTimeOffset(prices.NewestDayAt(clock.Time.GetUtcNow()), TimeOnly.MinValue, TimeSpan.Zero);
}
