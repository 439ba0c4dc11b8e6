using AgentBudget.StoreContract.Clusters;

namespace AgentBudget.Orleans.Streams.Tests;

/// <summary>A store of two partitions, one of which is away: what is in the other one is delivered all the same.</summary>
public sealed class PartitionTests : IAsyncDisposable
{
    private readonly DividedStore store = new();
    private readonly StreamWorld world;

    public PartitionTests() => world = new StreamWorld(store);

    public ValueTask DisposeAsync()
    {
        store.Away = null;
        return world.DisposeAsync();
    }

    [Theory]
    [InlineData(0, "second")]
    [InlineData(1, "first")]
    public async Task Partition_ThatIsAway_HoldsUpNothingOfTheOther(int away, string there)
    {
        await world.StartAsync();
        await world.RunAsync("first", charges: 1);
        await world.RunAsync("second", charges: 1);
        await world.ArrivedAsync("first", "second");
        store.Away = away;
        await world.ChargeAsync(there, charges: 5);
        await world.ArrivedAsync(there);
        // What was delivered is written down.
        await world.UntilAsync(() => Delivered(1 - away));
        store.Away = null;
        await world.ChargeAsync(there == "first" ? "second" : "first", charges: 1);
        await world.ArrivedAsync("first", "second");
        await world.UntilAsync(() => Delivered(0) && Delivered(1));
    }

    [Theory]
    [InlineData(0, "second")]
    [InlineData(1, "first")]
    public async Task Partition_ThatIsAwayWhenASiloStarts_IsTakenOverWhenItIsBack(int away, string there)
    {
        await world.StartAsync();
        await world.RunAsync("first", charges: 1);
        await world.RunAsync("second", charges: 1);
        await world.ArrivedAsync("first", "second");
        await world.UntilAsync(() => Delivered(0) && Delivered(1));
        await world.StopAsync();
        var before = world.Received.All.Count;

        store.Away = away;
        await world.StartAsync();
        await world.ChargeAsync(there, charges: 5);
        await world.ArrivedAsync(there);
        store.Away = null;
        await world.ChargeAsync(there == "first" ? "second" : "first", charges: 1);
        await world.ArrivedAsync("first", "second");
        Assert.Equal(before + 6, world.Received.All.Count);
    }

    [Fact]
    public async Task Partition_ThatIsAway_IsNotAskedAgainAtOnce()
    {
        await world.StartAsync(with: options => options.Queues = 1);
        await world.RunAsync("first", charges: 1);
        await world.ArrivedAsync("first");
        store.Away = 0;
        var before = store.Refusals;
        await world.PassAsync(TimeSpan.FromMinutes(1));
        // Without a rest it would be 600 times.
        Assert.InRange(store.Refusals - before, 1, 100);
        store.Away = null;
    }

    private bool Delivered(int partition) => world.Places(partition).Values.All(place => place == world.End(partition));
}
