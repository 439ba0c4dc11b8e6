using AgentBudget.Orleans.Storage;
using AgentBudget.Orleans.Tests.Clusters;

namespace AgentBudget.Orleans.Tests.Sessions;

/// <summary>A store that goes back to an earlier moment while the silos go on.</summary>
public sealed class RestoredWhileInMemoryTests(ClusterFixture fixture) : IClassFixture<ClusterFixture>, IDisposable
{
    public void Dispose() => fixture.Store.Heal();

    // The child writes nothing any more: no fence tells its activation that the store has less than it once acknowledged.
    [Fact]
    public async Task Child_WhoseStoreWentBackWhileItWasInMemory_IsFoundByTheSweep()
    {
        var parent = await fixture.OpenAsync("1000.00");
        await parent.OpenCarvedChildAsync(parent.Id() + "/child", "0.40").GrantedAsync();
        var child = fixture.Cluster.Session(parent.Id() + "/child");
        await child.ChargeAsync("0.05").GrantedAsync();
        await SweepAsync();
        Assert.Equal(Money.Parse("0.05"), (await HeadAsync(parent)).Spent);
        var epoch = (await HeadAsync(child)).Link!.Epoch;
        await RestoreAsync(child, through: 2);

        // The first has the activation leave, and the next asks the one that was loaded since.
        await SweepAsync();
        await SweepAsync();

        var head = await HeadAsync(child);
        Assert.Equal((Money.Zero, epoch + 1), (head.Spent, head.Link!.Epoch));
        Assert.Equal(Money.Zero, (await child.StandingAsync()).Spent);
        Assert.Equal(Money.Zero, (await HeadAsync(parent)).Spent);
    }

    private async Task RestoreAsync(IBudgetSession session, int through)
    {
        var (store, token) = (fixture.Store.Inner, TestContext.Current.CancellationToken);
        var head = await HeadAsync(session);
        var kept = (await store.ReadAsync(session.Id(), 1, through, token)).ToArray();
        await store.PurgeAsync(session.Id(), head.Life, head.Sequence, token);
        var earlier = kept.Aggregate(new SessionHead { SessionId = session.Id() }, (before, entry) => before.After(entry));
        var append = new LedgerAppend(long.MaxValue - 7, 0, kept, earlier, DateTimeOffset.MaxValue, true);
        Assert.Equal(AppendOutcome.Written, Assert.Single(await store.AppendAsync([append])));
    }

    private async Task SweepAsync()
    {
        fixture.Cluster.Clock.Advance(TimeSpan.FromMinutes(6));
        await fixture.Cluster.SweepAsync();
    }

    private async Task<SessionHead> HeadAsync(IBudgetSession session) =>
        (await fixture.Store.Inner.LoadAsync(session.Id(), TestContext.Current.CancellationToken))!.Head;
}
