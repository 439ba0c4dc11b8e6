namespace AgentBudget.Orleans.Streams.Tests;

/// <summary>Where there is no place for another dead letter, nothing is thrown away: the stream waits.</summary>
public sealed class DeadLetterTests : IAsyncDisposable
{
    private const string Id = "tenant-1@a";

    private readonly StreamWorld world = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => world.DisposeAsync();

    [Fact]
    public async Task DeadLetters_AsManyAsAreKept_PushOutNothing()
    {
        var kept = new BudgetStreamDeadLetters(world.Store);
        await FillAsync(kept);
        Assert.False(await kept.TryAddAsync(StreamWorld.DeadLetter(BudgetStreamDeadLetters.MaxKept), Token));

        var all = await kept.ListAsync(10_000, Token);
        Assert.Equal(Enumerable.Range(0, BudgetStreamDeadLetters.MaxKept).Select(i => (long)i), all.Select(letter => letter.Sequence));
        await kept.RemoveAsync(all[0], Token);
        Assert.True(await kept.TryAddAsync(StreamWorld.DeadLetter(BudgetStreamDeadLetters.MaxKept), Token));
    }

    [Fact]
    public async Task Stream_WithoutAPlaceForItsDeadLetter_WaitsAndGoesOnWhenThereIsOne()
    {
        await FillAsync(new BudgetStreamDeadLetters(world.Store));
        world.Received.OnNext = of =>
            of.Origin.Ledger == Id && of.Sequence == 3 ? throw new InvalidOperationException("Not this one.") : Task.CompletedTask;
        await world.StartAsync();
        await world.RunAsync(Id, charges: 3);
        await world.RunAsync("tenant-1@b", charges: 1);
        await world.UntilAsync(() => world.Of(Id) is [.., 4] && world.Places().Keys.Any(name => name.EndsWith("/waiting")));
        await world.PassAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(BudgetStreamDeadLetters.MaxKept, world.DeadLettersKept());
        // It is not written down as delivered: another owner would deliver it again.
        Assert.True(world.Places().Single(row => row.Key.EndsWith("/waiting")).Value < world.End());

        await world.DeadLetters.RemoveAsync((await world.DeadLetters.ListAsync(1, Token))[0], Token);
        await world.UntilAsync(() => world.DeadLettersKept() == BudgetStreamDeadLetters.MaxKept);
        await world.UntilAsync(() => world.Places().Values.All(place => place == world.End()));
        Assert.Contains(await world.DeadLetters.ListAsync(10_000, Token), letter => letter is { Ledger: Id, Sequence: 3 });
    }

    private static async Task FillAsync(BudgetStreamDeadLetters kept)
    {
        for (var i = 0; i < BudgetStreamDeadLetters.MaxKept; i++)
            Assert.True(await kept.TryAddAsync(StreamWorld.DeadLetter(i), Token));
    }
}
