namespace AgentBudget.Orleans.Streams.Tests;

/// <summary>Events that nobody can take, while those behind them are taken.</summary>
public sealed class PoisonTests : IAsyncDisposable
{
    private const string Id = "tenant-1@a";
    private const string Witness = "tenant-1@b";

    private readonly StreamWorld world = new();
    private readonly DeadLetterCount deadLetters = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync()
    {
        deadLetters.Dispose();
        return world.DisposeAsync();
    }

    [Fact]
    public async Task Event_ThatAloneIsNotTaken_BecomesADeadLetter()
    {
        Refuse(3);
        await world.StartAsync();
        await world.RunAsync(Id, charges: 3);
        await world.RunAsync(Witness, charges: 2);

        await world.UntilAsync(() => deadLetters.Total > 0);
        await world.UntilAsync(() => world.Of(Id) is [.., 4]);
        Assert.Equal([1, 2, 4], world.Of(Id));
        await world.ArrivedAsync(Witness);
        await AssertKeptAsync();
    }

    [Fact]
    public async Task Event_WithoutAnotherThatIsTaken_IsTriedOn()
    {
        Refuse(3);
        await world.StartAsync();
        await world.RunAsync(Id, charges: 3);
        await world.UntilAsync(() => world.Received.Tries > 5);
        Assert.Equal(0, world.DeadLettersKept());

        await world.RunAsync(Witness, charges: 1);
        await world.UntilAsync(() => world.DeadLettersKept() == 1);
    }

    [Fact]
    public async Task DeadLetter_AfterARestart_IsNotDeliveredAgain()
    {
        Refuse(3);
        await world.StartAsync();
        await world.RunAsync(Id, charges: 2);
        await world.RunAsync(Witness, charges: 1);
        await world.UntilAsync(() => deadLetters.Total > 0);
        await world.UntilAsync(() => world.Places().Values.All(place => place == world.End()));
        await world.StopAsync();
        var tries = world.Received.Tries;

        await world.StartAsync();
        await world.ChargeAsync(Id, charges: 1);
        await world.UntilAsync(() => world.Of(Id) is [.., 4]);
        Assert.Equal(tries + 1, world.Received.Tries);
        Assert.Equal(1, world.DeadLettersKept());
    }

    // By name, with the place in the feed where it is read again, until somebody has seen to it.
    private async Task AssertKeptAsync()
    {
        await world.UntilAsync(() => world.DeadLettersKept() > 0);
        var dead = Assert.Single(await world.Received.DeadLetters!.ListAsync(10, Token));

        Assert.Equal((BudgetStreams.Events, "tenant-1", Id, 3), (dead.Namespace, dead.Key, dead.Ledger, dead.Sequence));
        var page = await world
            .Cluster.Grains.GetGrain<IBudgetEventFeed>(0)
            .ReadAsync(EventCursor.Parse(dead.Cursor), 100, new EventFilter { Ledger = dead.Ledger });
        Assert.Equal(dead.Type, Assert.Single(page.Events, of => of.Id == dead.EventId).Type);
        Assert.InRange(dead.Through, page.From, page.Through);

        await world.DeadLetters.RemoveAsync(dead, Token);
        Assert.Empty(await world.DeadLetters.ListAsync(10, Token));
    }

    private void Refuse(long sequence) =>
        world.Received.OnNext = of =>
            of.Origin.Ledger == Id && of.Sequence == sequence ? throw new InvalidOperationException("Not this one.") : Task.CompletedTask;
}
