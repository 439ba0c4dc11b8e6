using AgentBudget.Orleans.Storage;

namespace AgentBudget.StoreContract;

/// <summary>An id that was purged and opened again is another ledger, though it be at the same sequence.</summary>
public abstract partial class LedgerStoreContract
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Append_OfAnEarlierLifeAtTheSameSequence_IsFencedAndLeavesNoTrace(bool caughtUp)
    {
        var (earlier, now) = await OpenedTwiceAsync(caughtUp);
        Assert.Equal(AppendOutcome.Fenced, await AppendAsync(earlier.Charge("three")));
        await CatchUpAsync();
        await AssertStoredAsync(now);
        Assert.Null(await FindAsync("session", "three"));
        await WriteAsync(now.Charge("three"));
        await AssertStoredAsync(now);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Purge_OfAnEarlierLifeAtTheSameSequence_DeletesNothing(bool caughtUp)
    {
        var (earlier, now) = await OpenedTwiceAsync(caughtUp);
        await Store.PurgeAsync("session", earlier.Head.Life, now.Head.Sequence, Token);
        await AssertStoredAsync(now);
        await Store.PurgeAsync("session", now.Head.Life, now.Head.Sequence, Token);
        await AssertAbsentAsync("session");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Reschedule_OfAnEarlierLifeAtTheSameSequence_ChangesNothing(bool caughtUp)
    {
        var (earlier, now) = await OpenedTwiceAsync(caughtUp);
        await Store.RescheduleAsync("session", earlier.Head.Life, now.Head.Sequence, Minute(5), Token);
        await AssertStoredAsync(now);
    }

    private async Task<(GrowingSession Earlier, GrowingSession Now)> OpenedTwiceAsync(bool caughtUp)
    {
        var earlier = await OpenedAsync("session", ["one"]);
        await Store.PurgeAsync("session", earlier.Head.Life, earlier.Head.Sequence, Token);
        var now = new GrowingSession("session").After(TimeSpan.FromTicks(1));
        await WriteAsync(now.Open());
        await WriteAsync(now.Charge("two"));
        if (caughtUp)
            await CatchUpAsync();
        Assert.Equal(earlier.Head.Sequence, now.Head.Sequence);
        return (earlier, now);
    }
}
