namespace AgentBudget.Orleans.Streams.Tests;

/// <summary>Silos that are restarted while charges go on, and queues that are made more or fewer.</summary>
public sealed class RestartTests : IAsyncDisposable
{
    private readonly StreamWorld world = new();

    public ValueTask DisposeAsync() => world.DisposeAsync();

    [Fact]
    public async Task Restart_OfOneSiloAfterTheOther_LosesNothingAndRepeatsNoMoreThanStated()
    {
        var options = new BudgetStreamsOptions();
        string[] ids = [.. Enumerable.Range(0, 12).Select(i => $"tenant-{i % 5}@s-{i}")];
        await world.StartAsync(silos: 2);
        foreach (var id in ids)
            await world.RunAsync(id, charges: 0);
        using var enough = new CancellationTokenSource();
        var charging = Task.WhenAll(ids.Select(id => ChargeAsync(id, enough.Token)));
        await world.UntilAsync(() => world.Received.Once.Count > 100);

        var rolling = world.Cluster.RollAsync();
        await world.UntilAsync(() => rolling.IsCompleted);
        await rolling;
        await enough.CancelAsync();
        await charging;
        await world.ArrivedAsync(ids);

        // What a queue had read and not finished, each time that it changed its silo: at most three times here.
        var repeats = world.Received.All.Count - world.Received.Once.Count;
        TestContext.Current.TestOutputHelper?.WriteLine($"{world.Received.Once.Count} events, {repeats} repeats");
        Assert.InRange(repeats, 0, 3 * options.Queues * options.CacheSize);
    }

    private async Task ChargeAsync(string id, CancellationToken enough)
    {
        for (var i = 0; !enough.IsCancellationRequested; i++)
        {
            // One key until it is known: a silo that goes may take the answer with it.
            var command = new ChargeCommand
            {
                Key = $"c-{i}",
                Call = Call.Tool("search"),
                Cost = Money.Parse("0.01"),
            };
            while (true)
            {
                try
                {
                    await world.Cluster.Session(id).ChargeAsync(command);
                    break;
                }
                catch (Exception)
                {
                    await Task.Delay(10, StreamWorld.Token);
                }
            }
        }
    }

    [Fact]
    public async Task Queues_OfAnotherCount_TakeOverWithoutLossAndTheOldPlacesGo()
    {
        string[] ids = [.. Enumerable.Range(0, 6).Select(i => $"tenant-{i}@a")];
        await world.StartAsync(with: options => options.Queues = 2);
        await Task.WhenAll(ids.Select(id => world.RunAsync(id, charges: 5)));
        await world.ArrivedAsync(ids);
        await world.StopAsync();

        await world.StartAsync(with: options => options.Queues = 3);
        await Task.WhenAll(ids.Select(id => world.ChargeAsync(id, charges: 5)));
        await world.ArrivedAsync(ids);
        await world.UntilAsync(() =>
        {
            world.Cluster.Clock.Advance(TimeSpan.FromMinutes(1));
            return world.Places().Keys.Order().SequenceEqual(["streams/0-of-3", "streams/1-of-3", "streams/2-of-3"]);
        });
    }

    [Fact]
    public async Task Queue_ThatStartsLaterThanAnother_BeginsWithTheOldestEvents()
    {
        await world.StartAsync(with: options => options.Queues = 2);
        await world.RunAsync("tenant-1@a", charges: 3);
        await world.RunAsync("tenant-2@a", charges: 3);
        await world.ArrivedAsync("tenant-1@a", "tenant-2@a");
        await world.UntilAsync(() => world.Places().Values.All(place => place == world.End()));

        // As if one of the two had never been there.
        var again = new List<string>();
        foreach (var lost in world.Places().Keys.Order().ToArray())
        {
            await world.StopAsync();
            await world.Store.Feed.DeleteConsumerAsync(0, lost, StreamWorld.Token);
            var before = world.Received.All.Count;
            await world.StartAsync(with: options => options.Queues = 2);
            await world.UntilAsync(() => world.Places().GetValueOrDefault(lost) == world.End());
            again.AddRange(world.Received.All.Skip(before).Select(of => of.Origin.Ledger));
        }

        Assert.Equal(world.Received.Once.Count, again.Count);
    }
}
