using System.Diagnostics.Metrics;
using AgentBudget.Orleans.Feed;
using AgentBudget.Orleans.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace AgentBudget.Orleans.Tests.Feed;

/// <summary>A registered consumer is warned of before it is outrun.</summary>
public sealed class RetentionWatchTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);

    private readonly ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly MeterListener meters = new();
    private readonly LedgerMetrics metrics;
    private readonly FakeTimeProvider clock = new(Start);
    private readonly FixedFeed feed = new(Start, Start.AddDays(10));
    private readonly List<string> logged = [];
    private readonly RetentionWatch watch;
    private double? share;

    public RetentionWatchTests()
    {
        var factory = services.GetRequiredService<IMeterFactory>();
        metrics = new LedgerMetrics(factory);
        meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == factory && instrument.Name == "agentbudget.feed.retention_used")
                listener.EnableMeasurementEvents(instrument);
        };
        meters.SetMeasurementEventCallback<double>((_, measured, _, _) => share = measured);
        meters.Start();
        var options = Options.Create(new AgentBudgetOptions { EventRetentionCap = TimeSpan.FromDays(40) });
        watch = new RetentionWatch(feed.ToStore(), options, metrics, new LedgerClock(clock), new ListLogger(logged));
    }

    public void Dispose()
    {
        meters.Dispose();
        metrics.Dispose();
        services.Dispose();
    }

    [Fact]
    public async Task Consumer_AtThreeQuartersOfTheCap_IsSaidOnceUntilItHasGoneOn()
    {
        Register("slow", 0);
        Register("quick", 2);
        Assert.Equal(0.5, await LookAsync(days: 20));
        Assert.Empty(logged);
        Assert.Equal(0.75, await LookAsync(days: 10));
        Assert.Equal(0.8, await LookAsync(days: 2));
        Assert.Contains("slow", Assert.Single(logged), StringComparison.Ordinal);

        feed.Consumers.Clear();
        Register("slow", 1);
        Assert.Equal(0.55, await LookAsync(days: 0));
        Assert.Equal(0.8, await LookAsync(days: 10));
        Assert.Equal(2, logged.Count);
        feed.Consumers.Clear();
        Register("slow", 2);
        Assert.Equal(0, await LookAsync(days: 10));
    }

    [Fact]
    public async Task Share_OfASiloThatSweepsNoMore_IsNotSaid()
    {
        Register("slow", 0);
        Assert.Equal(0.5, await LookAsync(days: 20));
        clock.Advance(TimeSpan.FromHours(1));
        Assert.Null(Measure());
    }

    private void Register(string name, long position) => feed.Consumers.Add(new FeedConsumerRow(name, "", position, Start));

    private async Task<double?> LookAsync(int days)
    {
        clock.Advance(TimeSpan.FromDays(days));
        await watch.LookAsync(clock.GetUtcNow(), TestContext.Current.CancellationToken);
        return Measure();
    }

    private double? Measure()
    {
        share = null;
        meters.RecordObservableInstruments();
        return share;
    }

    private sealed class ListLogger(List<string> lines) : ILogger<RetentionWatch>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => lines.Add(formatter(state, exception));
    }
}
