using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentBudget.Tests.Prices;

/// <summary>A table that is too old says so once, at start, by the clock that the budget was given.</summary>
public sealed class StalePriceTests
{
    private const int Stale = 1503;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(44, null, 0)]
    [InlineData(46, null, 1)]
    [InlineData(46, 60, 0)]
    [InlineData(11, 10, 1)]
    public async Task Start_SoManyDaysAfterTheNewestSource_WarnsWhereThatIsTooOld(int days, int? staleAfterDays, int warnings)
    {
        using var log = new Warnings();

        await using (await StartAsync(days, staleAfterDays, log)) { }

        Assert.Equal(warnings, log.Ids.Count(id => id == Stale));
    }

    [Fact]
    public async Task Start_ThatIsNeverToWarn_DoesNot()
    {
        using var log = new Warnings();
        await using (await StartAsync(3000, staleAfterDays: null, log, ledger => ledger.Prices.StaleAfter = Timeout.InfiniteTimeSpan)) { }
        Assert.DoesNotContain(Stale, log.Ids);
    }

    [Fact]
    public async Task Metric_OfTheAge_IsDaysByTheClock()
    {
        var seen = new ConcurrentBag<double>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, me) =>
        {
            if (instrument.Meter.Name == LedgerMetrics.MeterName && instrument.Name == "agentbudget.prices.age")
                me.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<double>((_, days, _, _) => seen.Add(days));
        listener.Start();
        using var log = new Warnings();
        // Budgets of other tests in this process have other ages.
        await using var budget = await StartAsync(days: 1234, staleAfterDays: null, log);

        listener.RecordObservableInstruments();

        Assert.Contains(1234, seen);
    }

    private static Task<EmbeddedAgentBudget> StartAsync(
        int days,
        int? staleAfterDays,
        Warnings log,
        Action<AgentBudgetOptions>? configure = null
    ) =>
        EmbeddedAgentBudget.StartAsync(
            options =>
            {
                options.Path = null;
                options.Time = new Clock(new DateTimeOffset(PriceBook.EmbeddedDay, TimeOnly.MinValue, TimeSpan.Zero).AddDays(days));
                options.ConfigureLogging = logging => logging.AddProvider(log);
                options.ConfigureLedger = ledger =>
                {
                    ledger.SweepEnabled = false;
                    if (staleAfterDays is { } most)
                        ledger.Prices.StaleAfter = TimeSpan.FromDays(most);
                    configure?.Invoke(ledger);
                };
            },
            Token
        );

    private sealed class Clock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }

    private sealed class Warnings : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<int> Ids { get; } = new();

        public ILogger CreateLogger(string categoryName) =>
            categoryName.StartsWith("AgentBudget", StringComparison.Ordinal) ? this : NullLogger.Instance;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => Ids.Enqueue(eventId.Id);

        public void Dispose() { }
    }
}
