using AgentBudget.Orleans.Storage.InMemory;
using AgentBudget.StoreContract.Clusters;

namespace AgentBudget.Orleans.Tests.Clusters;

/// <summary>Two silos over one store, for the tests of one class. Each test opens sessions of its own and heals what it broke.</summary>
public sealed class ClusterFixture : IAsyncLifetime
{
    private int lastId;

    public ControlledStore Store { get; } = new(new InMemoryLedgerStore());

    public LedgerCluster Cluster { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Cluster = await LedgerCluster.StartAsync(Store, silos: 2);

    public ValueTask DisposeAsync() => Cluster.DisposeAsync();

    /// <summary>An id that no other test of the class uses.</summary>
    public string NewId() => $"session-{Interlocked.Increment(ref lastId)}";

    public Task<IBudgetSession> OpenAsync(string budget = "1.00") => Cluster.OpenAsync(NewId(), budget);
}
