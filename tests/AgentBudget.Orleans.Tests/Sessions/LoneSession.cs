using System.Diagnostics.Metrics;
using AgentBudget.Orleans.Feed;
using AgentBudget.Orleans.Hosting;
using AgentBudget.Orleans.Prices;
using AgentBudget.Orleans.Sessions;
using AgentBudget.Orleans.Storage.InMemory;
using AgentBudget.Orleans.Writing;
using AgentBudget.StoreContract;
using AgentBudget.StoreContract.Clusters;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace AgentBudget.Orleans.Tests.Sessions;

/// <summary>The executor of one session over a store and a writer, without a silo, by a clock that is moved by hand.</summary>
public sealed class LoneSession : IAsyncDisposable
{
    private readonly ServiceProvider provider = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly LedgerWriter writer;

    internal LoneSession()
    {
        var options = Options.Create(new AgentBudgetOptions());
        var metrics = new LedgerMetrics(provider.GetRequiredService<IMeterFactory>());
        writer = new LedgerWriter(Store, options, metrics, Clock, NullLogger<LedgerWriter>.Instance);
        writer.Start();
        var prices = new SiloPrices(options, NullLogger<SiloPrices>.Instance, Clock);
        Services = new SessionServices(
            writer,
            Store,
            options,
            new LedgerClock(Clock),
            metrics,
            new UsagePricer(prices, options),
            Stop,
            new FeedUpkeep(Store, options)
        );
        Executor = NewExecutor(End);
    }

    internal ControlledStore Store { get; } = new(new InMemoryLedgerStore());

    internal FakeTimeProvider Clock { get; } = new(GrowingSession.Start);

    internal ActivationEnd End { get; } = new(activation: null);

    internal SiloStop Stop { get; } = new();

    internal SessionServices Services { get; }

    internal IMeterFactory Meters => provider.GetRequiredService<IMeterFactory>();

    internal SessionExecutor Executor { get; }

    internal SessionExecutor NewExecutor(ActivationEnd end, string id = "session") => new(id, Services, end, isTenants: id.StartsWith('~'));

    internal async Task OpenAsync(string budget = "1.00")
    {
        var options = new BudgetSessionOptions { Budget = Money.Parse(budget), Loops = LoopPolicy.Off };
        Assert.True((await Executor.ExecuteAsync(new OpenCommand { Options = options })).Answer.IsGranted);
    }

    public async ValueTask DisposeAsync()
    {
        Store.Heal();
        await writer.StopAsync();
        await provider.DisposeAsync();
    }
}
