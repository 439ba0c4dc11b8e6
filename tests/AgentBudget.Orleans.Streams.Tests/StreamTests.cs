namespace AgentBudget.Orleans.Streams.Tests;

/// <summary>Events through Orleans' streams: all of them, each session's in their order, over restarts.</summary>
public sealed class StreamTests : IAsyncDisposable
{
    private readonly StreamWorld world = new();

    public ValueTask DisposeAsync() => world.DisposeAsync();

    [Fact]
    public async Task Stream_OfTenants_DeliversEveryEventInTheOrderOfItsLedger()
    {
        await world.StartAsync(silos: 2);
        string[] ids = [.. Enumerable.Range(0, 12).Select(i => $"tenant-{i % 5}@s-{i}"), "alone"];
        await Task.WhenAll(ids.Select(id => world.RunAsync(id, charges: 25)));

        await world.ArrivedAsync(ids);
    }

    [Fact]
    public async Task Stream_AfterARestart_GoesOnWhereItStood()
    {
        string[] ids = ["tenant-1@a", "tenant-2@b"];
        await world.StartAsync();
        await Task.WhenAll(ids.Select(id => world.RunAsync(id, charges: 10)));
        await world.ArrivedAsync(ids);
        await world.UntilAsync(() => world.Places().Values.All(place => place == world.End()));
        await world.StopAsync();

        await world.StartAsync();
        await Task.WhenAll(ids.Select(id => world.ChargeAsync(id, charges: 10)));
        await world.ArrivedAsync(ids);
        Assert.Equal(world.Received.Once.Count, world.Received.All.Count);
    }

    [Fact]
    public async Task Stream_AtAStop_WritesDownWhatWasTaken()
    {
        await world.StartAsync(with: options => options.SaveInterval = TimeSpan.FromMinutes(1));
        await world.RunAsync("tenant-1@a", charges: 30);
        await world.ArrivedAsync("tenant-1@a");
        await world.StopAsync();

        await world.StartAsync();
        await world.ChargeAsync("tenant-1@a", charges: 1);
        await world.ArrivedAsync("tenant-1@a");
        Assert.Equal(world.Received.Once.Count, world.Received.All.Count);
    }
}
