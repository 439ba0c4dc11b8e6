using System.Diagnostics;
using System.Diagnostics.Metrics;
using AgentBudget.Orleans.Storage.InMemory;
using AgentBudget.Orleans.Telemetry;
using AgentBudget.Orleans.Writing;
using AgentBudget.StoreContract.Clusters;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentBudget.Orleans.Tests.Writing;

/// <summary>Loggers and listeners that a program hangs onto a silo may throw: the table in docs/operations.md.</summary>
public sealed class UserCodeTests : IDisposable
{
    private readonly ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly ControlledStore store = new(new InMemoryLedgerStore());

    public void Dispose() => services.Dispose();

    [Fact]
    public async Task Writer_WhoseLoggerThrows_GoesOnAfterAFailure()
    {
        var writer = Writer();
        store.IsAway = true;
        await Assert.ThrowsAsync<BudgetUnavailableException>(() => WriteAsync(writer, "first"));
        store.IsAway = false;
        await WriteAsync(writer, "second");
        await writer.StopAsync();
    }

    [Fact]
    public async Task Writer_WhoseLoggerHangs_LosesNothingAndGoesOnWhenItComesBack()
    {
        using var logger = new HangingLogger();
        var writer = Writer(logger);
        store.IsAway = true;
        var first = WriteAsync(writer, "first");
        await logger.Entered.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        store.IsAway = false;
        var second = WriteAsync(writer, "second");

        logger.ComeBack();

        await Assert.ThrowsAsync<BudgetUnavailableException>(() => first);
        await second;
        await writer.StopAsync();
        Assert.Null(await store.LoadAsync("first", CancellationToken.None));
        Assert.Equal(1, (await store.LoadAsync("second", CancellationToken.None))!.Head.Sequence);
    }

    [Fact]
    public async Task Writer_WhoseLoggerHangsOverABatch_HasToldTheCallersOfTheOneBefore()
    {
        using var logger = new HangingLogger();
        var writer = Writer(logger);
        var gate = store.BlockNext();
        var first = WriteAsync(writer, "first");
        await gate.ReachedAsync();
        store.OnAppend = append => append.Head.SessionId == "second" ? Fault.Away(FaultMoment.BeforeWrite) : null;
        var second = WriteAsync(writer, "second");
        gate.Open();
        await logger.Entered.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        await first.InTimeAsync();
        logger.ComeBack();
        await Assert.ThrowsAsync<BudgetUnavailableException>(() => second);
        await writer.StopAsync();
    }

    [Fact]
    public async Task Writer_WithListenersThatThrow_Writes()
    {
        using var meters = new MeterListener();
        meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == services.GetRequiredService<IMeterFactory>())
                listener.EnableMeasurementEvents(instrument);
        };
        meters.SetMeasurementEventCallback<long>((_, _, _, _) => throw new InvalidOperationException("a listener"));
        meters.SetMeasurementEventCallback<double>((_, _, _, _) => throw new InvalidOperationException("a listener"));
        meters.Start();
        var writer = Writer();
        await WriteAsync(writer, "session");
        await writer.StopAsync();
    }

    [Fact]
    public async Task Writer_WithAListenerThatThrowsWhenASpanEnds_AnswersAllThatWait()
    {
        using var spans = new ActivityListener
        {
            ShouldListenTo = source => source.Name == LedgerTracing.SourceName,
            Sample = (ref _) => ActivitySamplingResult.AllData,
            ActivityStopped = _ => throw new InvalidOperationException("a listener"),
        };
        ActivitySource.AddActivityListener(spans);
        var writer = Writer();
        var writes = writer.WritesOf(0, 0, DateTimeOffset.MaxValue);
        for (var sequence = 1; sequence <= 20; sequence++)
            await AppendAsync(writer, writes, "session", sequence);
        await writer.StopAsync();
        Assert.Null(writes.Fault);
        Assert.Equal(0, writer.WaitingSessions);
    }

    [Fact]
    public async Task Writer_WithAListenerThatThrowsWhenAnInstrumentIsMade_StartsAndWrites()
    {
        using var meters = new MeterListener();
        meters.InstrumentPublished = (instrument, _) =>
        {
            if (instrument.Meter.Scope == services.GetRequiredService<IMeterFactory>())
                throw new InvalidOperationException("a listener");
        };
        meters.Start();
        var writer = Writer();
        await WriteAsync(writer, "session");
        await writer.StopAsync();
        Assert.Equal(1, (await store.LoadAsync("session", CancellationToken.None))!.Head.Sequence);
    }

    // The ledger's own source is made once in a process; whoever listens to it was there before, or hears of it then.
    [Fact]
    public void Make_OfASourceWhoseListenerThrows_GivesNone()
    {
        const string name = nameof(Make_OfASourceWhoseListenerThrows_GivesNone);
        using var spans = new ActivityListener
        {
            ShouldListenTo = source => source.Name != name ? false : throw new InvalidOperationException("a listener"),
        };
        ActivitySource.AddActivityListener(spans);
        Assert.Null(Quietly.Make(() => new ActivitySource(name)));
    }

    private LedgerWriter Writer(ILogger<LedgerWriter>? logger = null)
    {
        var options = Options.Create(new AgentBudgetOptions());
        var metrics = new LedgerMetrics(services.GetRequiredService<IMeterFactory>());
        var writer = new LedgerWriter(store, options, metrics, TimeProvider.System, logger ?? new BrokenLogger());
        writer.Start();
        return writer;
    }

    private static Task WriteAsync(LedgerWriter writer, string sessionId) =>
        AppendAsync(writer, writer.WritesOf(0, 0, DateTimeOffset.MaxValue), sessionId, 1);

    private static Task AppendAsync(LedgerWriter writer, SessionWrites writes, string sessionId, long sequence)
    {
        Assert.True(writes.TryBegin());
        var durable = writes.Append(
            [new Entry { Sequence = sequence, Kind = EntryKind.Opened }],
            new SessionHead { SessionId = sessionId, Sequence = sequence },
            DateTimeOffset.MaxValue,
            out var isToBeQueued
        );
        if (isToBeQueued)
            writer.LaneOf(sessionId).Enqueue(writes);
        return durable.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    private sealed class HangingLogger : ILogger<LedgerWriter>, IDisposable
    {
        private readonly TaskCompletionSource entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ManualResetEventSlim released = new();

        public Task Entered => entered.Task;

        public void ComeBack() => released.Set();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            entered.TrySetResult();
            released.Wait(TimeSpan.FromSeconds(30));
        }

        public void Dispose() => released.Dispose();
    }

    private sealed class BrokenLogger : ILogger<LedgerWriter>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => throw new InvalidOperationException("a logger");

        public bool IsEnabled(LogLevel logLevel) => throw new InvalidOperationException("a logger");

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => throw new InvalidOperationException("a logger");
    }
}
