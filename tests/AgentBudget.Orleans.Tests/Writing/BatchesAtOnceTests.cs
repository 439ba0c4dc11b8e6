using AgentBudget.Orleans.Storage.InMemory;
using AgentBudget.Orleans.Tests.Clusters;
using AgentBudget.StoreContract.Clusters;

namespace AgentBudget.Orleans.Tests.Writing;

/// <summary>A store that takes several batches at once: one that is slow holds up its own sessions only, and none is in two.</summary>
public sealed class BatchesAtOnceTests : IAsyncLifetime
{
    private readonly ControlledStore store = new(new InMemoryLedgerStore()) { TakesAtOnce = 2 };
    private LedgerCluster cluster = null!;

    public async ValueTask InitializeAsync() => cluster = await LedgerCluster.StartAsync(store);

    public ValueTask DisposeAsync()
    {
        store.Heal();
        return cluster.DisposeAsync();
    }

    [Fact]
    public async Task Session_WhileABatchOfOthersIsHeld_IsWritten()
    {
        var (slow, quick) = (await cluster.OpenAsync("slow"), await cluster.OpenAsync("quick"));
        var gate = store.BlockNext("slow");
        var held = slow.ChargeAsync("0.10");
        await gate.ReachedAsync();
        for (var i = 1; i <= 3; i++)
            Assert.Equal(
                Money.FromNanoDollars(i * 200_000_000L),
                (await quick.ChargeAsync("0.20").GrantedAsync().InTimeAsync()).Standing.Spent
            );
        Assert.False(held.IsCompleted);
        gate.Open();
        await held.GrantedAsync();
    }

    [Fact]
    public async Task Session_InABatchThatIsHeld_IsInNoOther()
    {
        var (slow, quick) = (await cluster.OpenAsync("slow"), await cluster.OpenAsync("quick"));
        var gate = store.BlockNext("slow");
        var turns = cluster.TurnsOf("slow");
        var held = slow.ChargeAsync("0.10", "held");
        await gate.ReachedAsync();
        var behind = slow.ChargeAsync("0.10", "behind");
        await turns.TakenAsync(2);
        await quick.ChargeAsync("0.20").GrantedAsync().InTimeAsync();
        Assert.Equal(2, AppendsOf("slow"));
        Assert.False(behind.IsCompleted);

        gate.Open();
        Assert.Equal(2, (await held.GrantedAsync()).EntrySequence);
        Assert.Equal(3, (await behind.GrantedAsync()).EntrySequence);
        Assert.Equal(3, AppendsOf("slow"));
        Assert.Equal(3, (await store.LawfulAsync("slow")).Count);
    }

    [Fact]
    public async Task Sessions_BeyondWhatTheStoreTakes_ShareTheNextBatch()
    {
        var sessions = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => cluster.OpenAsync($"session-{i}")));
        var before = store.Batches.Length;
        var (first, second) = (store.BlockNext("session-0"), (Gate?)null);
        var held = new List<Task<SessionAnswer>> { sessions[0].ChargeAsync("0.10") };
        await first.ReachedAsync();
        second = store.BlockNext("session-1");
        held.Add(sessions[1].ChargeAsync("0.10"));
        await second.ReachedAsync();
        foreach (var session in sessions[2..])
        {
            var turns = cluster.TurnsOf(session.Id());
            held.Add(session.ChargeAsync("0.10"));
            await turns.TakenAsync();
        }

        Assert.Equal([1, 1], store.Batches[before..].Select(batch => batch.Count));
        second.Open();
        foreach (var answer in held[1..])
            await answer.GrantedAsync().InTimeAsync();
        Assert.Equal([1, 1, 4], store.Batches[before..].Select(batch => batch.Count));
        first.Open();
        await held[0].GrantedAsync();
    }

    [Fact]
    public async Task Stop_WhileBatchesAreHeld_WritesWhatIsDecided()
    {
        var sessions = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => cluster.OpenAsync($"session-{i}")));
        var gate = store.Block();
        var turns = sessions.Select(session => cluster.TurnsOf(session.Id())).ToArray();
        // Whether their answers still find a way out of a silo that stops is not the writer's business.
        _ = sessions.Select(session => session.ChargeAsync("0.10", "key")).ToArray();
        await gate.ReachedAsync();
        foreach (var turn in turns)
            await turn.TakenAsync();
        // Behind what is on its way: it is decided, and in no queue.
        _ = sessions.Select(session => session.ChargeAsync("0.20", "behind")).ToArray();
        foreach (var turn in turns)
            await turn.TakenAsync();
        var stopping = cluster.StopSiloAsync(sessions[0].Id());
        gate.Open();
        await stopping.InTimeAsync();
        foreach (var session in sessions)
            Assert.Equal(3, (await store.LawfulAsync(session.Id())).Count);
    }

    private int AppendsOf(string id) => store.Batches.Sum(batch => batch.Count(append => append.Head.SessionId == id));
}
