using AgentBudget.Orleans.Storage.InMemory;
using AgentBudget.Orleans.Tests.Clusters;
using AgentBudget.StoreContract.Clusters;

namespace AgentBudget.Orleans.Tests.Writing;

/// <summary>The writer's queue has bounds; beyond them callers are told to try again, and nothing of theirs is recorded.</summary>
public sealed class QueueBoundTests : IAsyncDisposable
{
    private readonly ControlledStore store = new(new InMemoryLedgerStore());
    private LedgerCluster? cluster;

    public async ValueTask DisposeAsync()
    {
        store.Heal();
        if (cluster is not null)
            await cluster.DisposeAsync();
    }

    [Fact]
    public async Task Sessions_MoreThanTheQueueHolds_AreToldToTryAgain()
    {
        cluster = await LedgerCluster.StartAsync(store, configure: options => options.WriterQueueSessions = 2);
        var sessions = await OpenAsync(5);
        var gate = store.Block();
        var held = sessions[0].ChargeAsync("0.10", "key");
        await gate.ReachedAsync();
        var queued = new[] { await SentAsync(sessions[1]), await SentAsync(sessions[2]) };
        var refused = await sessions[3].ChargeAsync("0.10", "key").AssertUnavailableAsync();
        Assert.Contains("queue is full; nothing was recorded", refused.Message, StringComparison.Ordinal);
        await sessions[4].ReserveAsync("0.10").AssertUnavailableAsync();
        // What a session decides beside what it has queued needs no place of its own.
        var beside = await SentAsync(sessions[1], "beside");

        gate.Open();
        foreach (var answer in queued.Append(held).Append(beside))
            await answer.GrantedAsync();
        foreach (var session in sessions[3..])
            Assert.Single(await store.LawfulAsync(session.Id()));
        Assert.Equal(2, (await sessions[3].ChargeAsync("0.10", "key").GrantedAsync()).EntrySequence);
        Assert.Equal(2, (await sessions[4].ReserveAsync("0.10").GrantedAsync()).EntrySequence);
    }

    [Fact]
    public async Task Entries_MoreThanASessionMayQueue_AreToldToTryAgain()
    {
        cluster = await LedgerCluster.StartAsync(store, configure: options => options.WriterQueueEntriesPerSession = 3);
        var session = (await OpenAsync(1))[0];
        var gate = store.Block();
        // Its turn may end after its entries are with the store, and must not be counted as that of the next one.
        var held = await SentAsync(session, "held");
        await gate.ReachedAsync();
        var queued = new List<Task<SessionAnswer>>();
        for (var i = 0; i < 3; i++)
            queued.Add(await SentAsync(session, $"key-{i}"));
        await session.ChargeAsync("0.10", "beyond").AssertUnavailableAsync();
        gate.Open();
        foreach (var answer in queued.Append(held))
            await answer.GrantedAsync();
        Assert.Equal(6, (await session.ChargeAsync("0.10", "beyond").GrantedAsync()).EntrySequence);
        Assert.Equal(6, (await store.LawfulAsync(session.Id())).Count);
    }

    [Fact]
    public async Task Entries_MoreThanABatchHolds_AreWrittenInSeveral()
    {
        cluster = await LedgerCluster.StartAsync(store, configure: options => options.WriterBatchEntries = 4);
        var sessions = await OpenAsync(10);
        var gate = store.Block();
        var before = store.Batches.Length;
        var held = sessions[0].ChargeAsync("0.10", "key");
        await gate.ReachedAsync();
        var queued = new List<Task<SessionAnswer>>();
        foreach (var session in sessions[1..])
            queued.Add(await SentAsync(session));
        gate.Open();
        foreach (var answer in queued.Append(held))
            await answer.GrantedAsync();
        Assert.Equal([1, 4, 4, 1], store.Batches[before..].Select(batch => batch.Count));
    }

    [Fact]
    public async Task Refusals_AndReplays_TakeNoPlace()
    {
        cluster = await LedgerCluster.StartAsync(store, configure: options => options.WriterQueueSessions = 1);
        var sessions = await OpenAsync(3);
        for (var i = 0; i < 5; i++)
        {
            await sessions[0].ReserveAsync("5.00").InTimeAsync();
            await sessions[1].ChargeAsync("0.10", "key").GrantedAsync();
            await sessions[2].StandingAsync().InTimeAsync();
        }

        Assert.Equal(1, (await sessions[0].StandingAsync()).Sequence);
    }

    /// <summary>A charge that has been decided.</summary>
    private async Task<Task<SessionAnswer>> SentAsync(IBudgetSession session, string key = "key")
    {
        var turns = cluster!.TurnsOf(session.Id());
        var answer = session.ChargeAsync("0.10", key);
        await turns.TakenAsync();
        return answer;
    }

    private async Task<IBudgetSession[]> OpenAsync(int count)
    {
        var sessions = new IBudgetSession[count];
        for (var i = 0; i < count; i++)
            sessions[i] = await cluster!.OpenAsync($"session-{i}");
        return sessions;
    }
}
