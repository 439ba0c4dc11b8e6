namespace AgentBudget.Orleans.Streams.Tests;

/// <summary>A consumer that throws or hangs, and the streams beside its own: of the same queue, and of others.</summary>
public sealed class BrokenConsumerTests : IAsyncDisposable
{
    private const string Bad = "bad@a";
    private const string Good = "good@a";

    private readonly StreamWorld world = new();
    private readonly TaskCompletionSource healed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool isBroken = true;

    public ValueTask DisposeAsync()
    {
        healed.TrySetResult();
        return world.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Consumer_ThatThrowsOrHangs_DelaysNoOtherStreamOfItsQueue(bool hangs)
    {
        Break(of => of.Origin.Ledger == Bad, hangs);
        await world.StartAsync(with: OneSmallQueue);
        await world.RunAsync(Bad, charges: 200);
        await world.RunAsync(Good, charges: 200);

        await world.ArrivedAsync(Good);
        Assert.Empty(world.Of(Bad));

        Heal();
        await world.ArrivedAsync(Bad);
        Assert.Equal(0, world.DeadLettersKept());
    }

    [Fact]
    public async Task Consumer_ThatHangs_StopsThePlaceOfItsOwnStreamAlone()
    {
        Break(of => of.Origin.Ledger == Bad, hangs: true);
        await world.StartAsync(with: OneSmallQueue);
        await world.RunAsync(Bad, charges: 20);
        await world.RunAsync(Good, charges: 20);
        await world.UntilAsync(() => world.Places().GetValueOrDefault("streams/0-of-1") == world.End());

        // What waits is kept for it, and shows.
        Assert.InRange(world.Places()["streams/0-of-1/waiting"], 0, world.End() - 20);

        // Nobody is told of it again, and it goes on where it stood, over a crash.
        await world.Cluster.KillSiloAsync(Good);
        await world.StopAsync();
        var before = world.Received.All.Count;
        Heal();
        await world.StartAsync(with: OneSmallQueue);
        await world.ArrivedAsync(Bad, Good);
        Assert.DoesNotContain(world.Received.All.Skip(before), of => of.Origin.Ledger == Good);
        await world.UntilAsync(() => !world.Places().ContainsKey("streams/0-of-1/waiting"));
    }

    [Fact]
    public async Task Consumer_ThatHangs_DelaysNoOtherQueue()
    {
        string[] others = [.. Enumerable.Range(0, 16).Select(i => $"other-{i}@a")];
        Break(of => of.Origin.Ledger == Bad, hangs: true);
        await world.StartAsync();
        await world.RunAsync(Bad, charges: 5);
        await Task.WhenAll(others.Select(id => world.RunAsync(id, charges: 5)));
        await world.ArrivedAsync(others);
        Assert.Empty(world.Of(Bad));
    }

    [Fact]
    public async Task Outage_OfAllConsumers_LosesNothingAndMakesNoDeadLetters()
    {
        string[] ids = [.. Enumerable.Range(0, 40).Select(i => $"tenant-{i}@a")];
        Break(_ => true, hangs: false);
        await world.StartAsync(with: OneSmallQueue);
        await Task.WhenAll(ids.Select(id => world.RunAsync(id, charges: 5)));
        var tries = world.Received.Tries;
        await world.UntilAsync(() => world.Received.Tries > tries + 200);
        Assert.Empty(world.Received.All);

        Heal();
        await world.ArrivedAsync(ids);
        Assert.Equal(0, world.DeadLettersKept());
    }

    private static void OneSmallQueue(BudgetStreamsOptions options) => (options.Queues, options.CacheSize) = (1, 64);

    private void Break(Func<BudgetEvent, bool> which, bool hangs) =>
        world.Received.OnNext = of =>
        {
            if (!isBroken || !which(of))
                return Task.CompletedTask;
            return hangs ? healed.Task : throw new InvalidOperationException("Not now.");
        };

    private void Heal()
    {
        isBroken = false;
        healed.TrySetResult();
    }
}
