using AgentBudget.Orleans.Storage.InMemory;
using AgentBudget.Orleans.Tests.Clusters;
using AgentBudget.StoreContract.Clusters;

namespace AgentBudget.Orleans.Tests.Writing;

/// <summary>A store of several partitions: one that is slow or away is the trouble of its own sessions only.</summary>
public sealed class PartitionLaneTests : IAsyncLifetime
{
    private readonly ControlledStore store = new(new InMemoryLedgerStore())
    {
        IsInSecondPartition = id => id.EndsWith("second", StringComparison.Ordinal),
    };
    private LedgerCluster cluster = null!;

    public async ValueTask InitializeAsync() => cluster = await LedgerCluster.StartAsync(store);

    public ValueTask DisposeAsync()
    {
        store.Heal();
        return cluster.DisposeAsync();
    }

    [Fact]
    public async Task Session_WhileTheOtherPartitionIsSlow_IsAnswered()
    {
        var (first, second) = (await cluster.OpenAsync("first"), await cluster.OpenAsync("second"));
        var gate = store.BlockNext();
        var held = first.ChargeAsync("0.10");
        await gate.ReachedAsync();
        Assert.Equal(Money.Parse("0.20"), (await second.ChargeAsync("0.20").GrantedAsync().InTimeAsync()).Standing.Spent);
        Assert.False(held.IsCompleted);
        gate.Open();
        Assert.Equal(Money.Parse("0.10"), (await held.GrantedAsync()).Standing.Spent);
    }

    [Fact]
    public async Task Batch_NeverHoldsSessionsOfTwoPartitions()
    {
        var (firsts, seconds) = (new List<Task<SessionAnswer>>(), new List<Task<SessionAnswer>>());
        for (var i = 0; i < 10; i++)
        {
            var (first, second) = (await cluster.OpenAsync($"{i}-first"), await cluster.OpenAsync($"{i}-second"));
            firsts.Add(first.ChargeAsync("0.10"));
            seconds.Add(second.ChargeAsync("0.10"));
        }

        await Task.WhenAll(firsts.Concat(seconds).Select(charge => charge.GrantedAsync()));
        Assert.All(store.Batches, batch => Assert.Single(batch.Select(append => store.PartitionOf(append.Head.SessionId)).Distinct()));
    }
}
