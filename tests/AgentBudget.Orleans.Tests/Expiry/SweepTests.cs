using AgentBudget.Orleans.Storage.InMemory;
using AgentBudget.Orleans.Tests.Clusters;
using AgentBudget.StoreContract.Clusters;
using Microsoft.Extensions.Time.Testing;

namespace AgentBudget.Orleans.Tests.Expiry;

/// <summary>The sweep goes on: past sessions that fail, in pages, after a restart, at its interval.</summary>
public sealed class SweepTests
{
    private readonly ControlledStore store = new(new InMemoryLedgerStore());

    [Fact]
    public async Task Sweep_SessionsThatCannotBeTended_DoNotKeepItFromTheOthers()
    {
        await using var cluster = await LedgerCluster.StartAsync(store, silos: 2);
        var ids = Enumerable.Range(0, 6).Select(i => $"session-{i}").ToArray();
        foreach (var id in ids)
            await (await cluster.OpenAsync(id)).ReserveAsync("0.50").GrantedAsync();
        foreach (var id in ids)
            await cluster.ForgetAsync(id);
        cluster.Clock.Advance(TimeSpan.FromMinutes(20));
        store.OnRead = id =>
            id == ids[0] ? new LedgerStoreUnavailableException("Away.")
            : id == ids[1] ? new InvalidOperationException("Unexpected.")
            : null;
        store.OnAppend = append => append.Head.SessionId == ids[2] ? Fault.Away(FaultMoment.BeforeWrite) : null;
        // Those that share a batch with one that fails are told to try again as well.
        Assert.InRange(await cluster.SweepAsync(), 0, 3);
        store.OnAppend = null;
        for (var sweep = 0; sweep < 3; sweep++)
            await cluster.SweepAsync();
        foreach (var id in ids[2..])
            Assert.Equal(EntryKind.Expired, (await store.Inner.LawfulAsync(id))[^1].Kind);
        store.Heal();
        Assert.Equal(2, await cluster.SweepAsync());
        foreach (var id in ids)
            Assert.Equal(Money.Zero, (await store.LoadAsync(id, TestContext.Current.CancellationToken))!.Head.Reserved);
    }

    [Fact]
    public async Task Sweep_MoreSessionsThanAPage_TendsThemAll()
    {
        const int sessions = 600;
        await using var cluster = await LedgerCluster.StartAsync(store);
        await Task.WhenAll(
            Enumerable
                .Range(0, sessions)
                .Select(async i => await (await cluster.OpenAsync($"session-{i}")).ReserveAsync("0.50").GrantedAsync())
        );
        cluster.Clock.Advance(TimeSpan.FromMinutes(20));
        store.OnRead = id => id is "session-3" or "session-300" ? new LedgerStoreUnavailableException("Away.") : null;
        foreach (var id in new[] { "session-3", "session-300" })
            await cluster.ForgetAsync(id);
        Assert.Equal(sessions - 2, await cluster.SweepAsync());
        store.Heal();
        Assert.Equal(2, await cluster.SweepAsync());
        Assert.All(
            await store.ListAsync(new SessionListing(Count: 1_000), TestContext.Current.CancellationToken),
            head => Assert.Equal(Money.Zero, head.Reserved)
        );
    }

    [Fact]
    public async Task Sweep_AfterARestart_FindsAtOnceWhatBecameDueMeanwhile()
    {
        FakeTimeProvider clock;
        await using (var before = await LedgerCluster.StartAsync(store))
        {
            await (await before.OpenAsync("session")).ReserveAsync("0.50").GrantedAsync();
            clock = before.Clock;
        }

        clock.Advance(TimeSpan.FromMinutes(20));
        var gate = store.Block();
        await using var after = await LedgerCluster.StartAsync(store, clock: clock, configure: options => options.SweepEnabled = true);
        await gate.ReachedAsync();
        gate.Open();
        Assert.Equal(Money.Zero, (await after.Session("session").StandingAsync()).Reserved);
        Assert.Equal(EntryKind.Expired, (await store.LawfulAsync("session"))[^1].Kind);
    }

    [Fact]
    public async Task Sweep_AtItsInterval_RunsAgainAlsoAfterTheStoreWasAway()
    {
        var swept = WhenSwept();
        await using var cluster = await LedgerCluster.StartAsync(store, configure: options => options.SweepEnabled = true);
        await swept;
        await (await cluster.OpenAsync("session")).ReserveAsync("0.50").GrantedAsync();
        await cluster.ForgetAsync("session");
        swept = WhenSwept();
        store.IsAway = true;
        cluster.Clock.Advance(TimeSpan.FromMinutes(20));
        await swept;

        var gate = store.Block();
        store.IsAway = false;
        cluster.Clock.Advance(TimeSpan.FromSeconds(30));
        await gate.ReachedAsync();
        Assert.Equal(EntryKind.Expired, Assert.Single(Assert.Single(store.Batches[^1]).Entries).Kind);
        gate.Open();
    }

    private Task WhenSwept()
    {
        var swept = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        store.OnFindDue = () => swept.TrySetResult();
        return swept.Task.InTimeAsync();
    }
}
