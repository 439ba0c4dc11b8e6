using AgentBudget.Ledger.Between;
using AgentBudget.Orleans.Feed;
using AgentBudget.Orleans.Hosting;
using AgentBudget.Orleans.Prices;
using AgentBudget.Orleans.Storage;
using AgentBudget.Orleans.Writing;
using Microsoft.Extensions.Options;

namespace AgentBudget.Orleans.Sessions;

/// <summary>What every session of a silo uses; one object, so that a session keeps one reference.</summary>
internal sealed class SessionServices(
    LedgerWriter writer,
    ILedgerStore store,
    IOptions<AgentBudgetOptions> options,
    LedgerClock clock,
    LedgerMetrics metrics,
    UsagePricer pricer,
    SiloStop stop,
    FeedUpkeep feed
)
{
    public LedgerWriter Writer => writer;

    public ILedgerStore Store { get; } = new TranslatingLedgerStore(store);

    public AgentBudgetOptions Options { get; } = options.Value;

    /// <summary>How long sessions are left alone before they are tended.</summary>
    public DueSpans Spans { get; } = DueSpans.With(options.Value.Retention);

    public TimeProvider Time { get; } = clock.Time;

    /// <summary>Ends when the silo begins to stop.</summary>
    public Task Stopping => stop.Begun;

    /// <summary>How long events are kept.</summary>
    public FeedUpkeep Feed => feed;

    public LedgerMetrics Metrics => metrics;

    public UsagePricer Pricer => pricer;

    /// <summary>The tenant of sessions whose ids name none; null for none.</summary>
    public TenantPath? DefaultTenant { get; } = options.Value.Tenants.Default is { } path ? TenantPath.Parse(path) : null;

    public SessionOptionsPool OptionsPool { get; } = new();
}
