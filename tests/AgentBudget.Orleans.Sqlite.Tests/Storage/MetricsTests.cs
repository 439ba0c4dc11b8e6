using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AgentBudget.Orleans.Sqlite.Tests.Storage;

/// <summary>The store's own instruments, and listeners of the program's that fail.</summary>
public sealed class MetricsTests : IDisposable
{
    private readonly LedgerFolder folder = new();
    private readonly ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly List<string> published = [];

    private IMeterFactory Meters => services.GetRequiredService<IMeterFactory>();

    public void Dispose()
    {
        services.Dispose();
        folder.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Store_WhoseInstrumentsAreHeardOf_StartsWhateverTheListenerDoes(bool isBroken)
    {
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (instrument.Meter.Scope != Meters)
                return;
            published.Add(instrument.Name);
            if (isBroken)
                throw new InvalidOperationException("a listener");
        };
        listener.Start();
        using var store = new SqliteLedgerStore(Options.Create(new SqliteLedgerOptions { Path = folder.Path }), meters: Meters);
        await store.StartAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["agentbudget.sqlite.journal.entries", "agentbudget.sqlite.set_aside"], published);
    }
}
