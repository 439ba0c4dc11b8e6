namespace AgentBudget.Orleans.Streams.Tests;

/// <summary>Silos that are restarted while charges go on, and queues that are made more or fewer.</summary>
public sealed class RestartTests : IAsyncDisposable
{
    // Events with which it ends, what is read in one go, and the last batch in it: no more than sessions here.
    private const int PageOfQueue = 256 + 1_024 + 12;
    private const int MostCharges = 2_000;
    private const int FewestEvents = 3_000;

    private readonly StreamWorld world = new();

    public ValueTask DisposeAsync() => world.DisposeAsync();

    [Fact]
    public async Task Restart_OfOneSiloAfterTheOther_LosesNothingAndRepeatsNoMoreThanStated()
    {
        string[] ids = [.. Enumerable.Range(0, 12).Select(i => $"tenant-{i % 5}@s-{i}")];
        // What is written down by the clock does not count here: what is at the stop, does.
        await world.StartAsync(
            silos: 2,
            options => (options.Queues, options.CacheSize, options.SaveInterval) = (1, 64, TimeSpan.FromMinutes(1))
        );
        foreach (var id in ids)
            await world.RunAsync(id, charges: 0);
        using var enough = new CancellationTokenSource();
        var charging = Task.WhenAll(ids.Select(id => ChargeAsync(id, enough.Token)));
        await world.UntilAsync(() => world.Received.Tries > 500);

        var rolling = world.Cluster.RollAsync();
        var owners = new HashSet<long>();
        await world.UntilAsync(() =>
        {
            owners.Add(world.OwnerOf("streams/0-of-1"));
            return rolling.IsCompleted;
        });
        await rolling;
        var soFar = world.Received.Tries;
        // Not tries, of which many may be repeats: so many events are asked for below.
        await world.UntilAsync(() =>
            charging.IsCompleted || (world.Received.Tries > soFar + 500 && world.Received.Once.Count >= FewestEvents)
        );
        owners.Add(world.OwnerOf("streams/0-of-1"));
        await enough.CancelAsync();
        await charging;
        await world.ArrivedAsync(ids);

        var (events, repeats) = (world.Received.Once.Count, world.Received.All.Count - world.Received.Once.Count);
        TestContext.Current.TestOutputHelper?.WriteLine($"{events} events, {owners.Count} owners, {repeats} repeats");
        Assert.InRange(owners.Count, 2, 5);
        Assert.InRange(repeats, 0, (owners.Count - 1) * (64 + PageOfQueue));
        Assert.InRange(events, FewestEvents, int.MaxValue);
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

    private async Task ChargeAsync(string id, CancellationToken enough)
    {
        for (var i = 0; i < MostCharges && !enough.IsCancellationRequested; i++)
        {
            // Spread over the restarts, however long they take here.
            await Task.Delay(10, CancellationToken.None);
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
}
