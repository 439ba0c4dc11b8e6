using AgentBudget.Orleans.Storage;
using AgentBudget.Replay.Running;

namespace AgentBudget;

/// <summary>
/// Replays recorded runs through the session grains of an embedded ledger, at their recorded times and without waiting: a backtest of
/// a budget before it goes live. One run at a time; later ones wait.
/// </summary>
public sealed class Replayer : IAsyncDisposable
{
    private readonly EmbeddedAgentBudget budget;
    private readonly ReplayClock clock;
    private readonly PriceBook prices;
    private readonly SemaphoreSlim turn = new(1);

    private Replayer(EmbeddedAgentBudget budget, ReplayClock clock, PriceBook prices) =>
        (this.budget, this.clock, this.prices) = (budget, clock, prices);

    /// <summary>The ledger store that runs are replayed into.</summary>
    public ILedgerStore Store => budget.Store;

    /// <summary>Starts an embedded ledger with a clock of its own.</summary>
    /// <param name="ledgerPath">A folder or file for the ledger, as in <see cref="EmbeddedOptions.Path"/>; null keeps it in memory.</param>
    /// <param name="prices">The price book; null for the embedded one.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="AgentBudgetException">The ledger cannot be used; the message names it and the mend.</exception>
    public static async Task<Replayer> StartAsync(
        string? ledgerPath = null,
        PriceBook? prices = null,
        CancellationToken cancellationToken = default
    )
    {
        var clock = new ReplayClock();
        var budget = await EmbeddedAgentBudget.StartAsync(
            options =>
            {
                options.Path = ledgerPath;
                options.Time = clock;
                // The clock jumps from run to run; a sweep by it would expire and purge what is none of its business.
                options.ConfigureLedger = ledger =>
                {
                    ledger.SweepEnabled = false;
                    // A run is priced at its own time, for which no table is too old.
                    ledger.Prices.StaleAfter = Timeout.InfiniteTimeSpan;
                };
            },
            cancellationToken
        );
        return new Replayer(budget, clock, prices ?? PriceBook.Embedded);
    }

    /// <summary>Reads a file and replays it. Nothing is opened when the file is not valid.</summary>
    /// <param name="file">The path of the trace.</param>
    /// <param name="settings">The budget to measure against.</param>
    /// <param name="progress">Told after each event, in order, by the thread that replays.</param>
    /// <param name="cancellationToken">Gives up; the session stays open in the ledger as it is.</param>
    /// <exception cref="TraceException">The file cannot be read, or a line of it is wrong.</exception>
    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    /// <exception cref="BudgetUnavailableException">The ledger could not be written.</exception>
    public async Task<ReplayResult> ReplayAsync(
        string file,
        ReplaySettings settings,
        IProgress<ReplayProgress>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(settings);
        settings.Validate();
        return await ReplayAsync(await TraceReader.ReadAsync(file, cancellationToken), settings, progress, cancellationToken);
    }

    /// <summary>Replays a run that was read before.</summary>
    /// <inheritdoc cref="ReplayAsync(string, ReplaySettings, IProgress{ReplayProgress}, CancellationToken)"/>
    public async Task<ReplayResult> ReplayAsync(
        Trace trace,
        ReplaySettings settings,
        IProgress<ReplayProgress>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(trace);
        ArgumentNullException.ThrowIfNull(settings);
        settings.Validate();
        var priced = PricedTrace.Of(trace, prices);
        await turn.WaitAsync(cancellationToken);
        try
        {
            var sessionId = await SessionNames.FindFreeAsync(trace.File, budget.Store, cancellationToken);
            var run = new SessionRun(budget.Grains.GetGrain<IBudgetSession>(sessionId), clock, trace, settings);
            await run.RunAsync(priced, progress, cancellationToken);
            return Result(trace, settings, priced, run, await run.ReportAsync());
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Stops the ledger: what was replayed is on the disk, if it has one.</summary>
    public async ValueTask DisposeAsync()
    {
        await budget.DisposeAsync();
        turn.Dispose();
    }

    private static ReplayResult Result(Trace trace, ReplaySettings settings, PricedTrace priced, SessionRun run, SessionReport report) =>
        new()
        {
            File = trace.File,
            SessionId = report.SessionId,
            Mode = settings.Mode,
            Budget = settings.Budget,
            TotalSpent = report.TotalSpent,
            Overage = report.Standing.Overage,
            FullCost = priced.FullCost,
            UnpricedCalls = priced.UnpricedCalls,
            UnpricedModels = priced.UnpricedModels,
            TerminatedBy = report.TerminatedBy,
            Refusal = run.Refusal,
            StoppedAtEvent = run.StoppedAt?.Number,
            StoppedAt = run.StoppedAt is { } stopped ? trace.Start + stopped.Elapsed : null,
            SoftLimitAtEvent = run.SoftLimitAt?.Number,
            LoopWarningAtEvent = run.LoopWarningAt?.Number,
            EventsTotal = trace.Events.Count,
            Report = report,
        };
}
