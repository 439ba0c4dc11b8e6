using System.Diagnostics.Metrics;
using AgentBudget.Orleans.Storage.InMemory;
using AgentBudget.Orleans.Writing;
using AgentBudget.StoreContract.Clusters;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentBudget.Orleans.Tests.Writing;

/// <summary>The store and the callers of a lane, step by step: who hears of what first, and who waits behind whom.</summary>
public sealed class LaneWriterTests : IAsyncDisposable
{
    private const int BatchEntries = 2;

    private readonly ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly ControlledStore store = new(new InMemoryLedgerStore()) { TakesAtOnce = 2 };
    private readonly WriterPlaces places = new(maxSessions: 16, maxEntriesPerSession: 16);
    private readonly LaneQueue queue;
    private readonly LedgerMetrics metrics;
    private readonly Task running;

    public LaneWriterTests()
    {
        queue = new LaneQueue(places, BatchEntries, writers: 1, NullLogger.Instance);
        metrics = new LedgerMetrics(services.GetRequiredService<IMeterFactory>());
        running = Run();
    }

    public async ValueTask DisposeAsync()
    {
        store.Heal();
        queue.Close();
        await running.InTimeAsync();
        await services.DisposeAsync();
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public async Task Callers_OfADurableBatch_AreToldBeforeOrAfterTheStoreHasTheNextOne(int atOnce, bool isBefore)
    {
        var own = new ControlledStore(new InMemoryLedgerStore()) { TakesAtOnce = atOnce };
        var ownQueue = new LaneQueue(places, BatchEntries, writers: 1, NullLogger.Instance);
        var writing = Run(ownQueue, own);
        var (first, second) = (new Session("first", places), new Session("second", places));
        var gate = own.BlockNext();
        var ofFirst = first.Decide(ownQueue);
        await gate.ReachedAsync();
        var wasTold = (bool?)null;
        own.OnAppend = append =>
        {
            if (append.Head.SessionId == "second")
                wasTold = ofFirst.IsCompleted;
            return null;
        };
        var ofSecond = second.Decide(ownQueue);
        gate.Open();
        await ofFirst.InTimeAsync();
        await ofSecond.InTimeAsync();
        Assert.Equal(isBefore, wasTold);
        ownQueue.Close();
        await writing.InTimeAsync();
    }

    [Fact]
    public void Sessions_ManyThatWait_AreSharedOutEvenly()
    {
        const int count = 400;
        var many = new WriterPlaces(maxSessions: count, maxEntriesPerSession: 16);
        var shared = new LaneQueue(many, batchEntries: 4_096, writers: 2, NullLogger.Instance);
        var all = Enumerable.Range(0, count).Select(i => new Session($"session-{i}", many).Decide(shared)).ToArray();
        var (first, second, third) = (new LaneBatch(), new LaneBatch(), new LaneBatch());
        shared.Fill(first, []);
        shared.Fill(second, []);
        Assert.Equal((count / 2, count / 2), (first.Sessions.Count, second.Sessions.Count));
        shared.End(first);
        // A few are not worth a batch each.
        foreach (var i in Enumerable.Range(0, 50))
            _ = new Session($"late-{i}", many).Decide(shared);
        shared.End(second);
        shared.Fill(third, []);
        Assert.Equal(50, third.Sessions.Count);
        Assert.DoesNotContain(all, one => one.IsCompleted);
    }

    [Fact]
    public async Task Callers_OfADurableBatch_AreToldWhileTheNextOneIsHeld()
    {
        var (first, second) = (new Session("first", places), new Session("second", places));
        var gate = store.BlockNext();
        var ofFirst = first.Decide(queue);
        await gate.ReachedAsync();
        var next = store.BlockNext();
        var ofSecond = second.Decide(queue);
        gate.Open();
        await next.ReachedAsync();
        await ofFirst.InTimeAsync();
        Assert.False(ofSecond.IsCompleted);
        next.Open();
        await ofSecond.InTimeAsync();
    }

    [Fact]
    public async Task Callers_OfADurableBatch_AreToldWhenTheNextOneFails()
    {
        var (first, second) = (new Session("first", places), new Session("second", places));
        var gate = store.BlockNext();
        var ofFirst = first.Decide(queue);
        await gate.ReachedAsync();
        store.OnAppend = append => append.Head.SessionId == "second" ? Fault.Away(FaultMoment.BeforeWrite) : null;
        var ofSecond = second.Decide(queue);
        gate.Open();
        await ofFirst.InTimeAsync();
        await Assert.ThrowsAsync<BudgetUnavailableException>(() => ofSecond.InTimeAsync());
    }

    [Fact]
    public async Task Callers_WrittenOneByOne_AreToldOneByOne()
    {
        var (poison, good) = (new Session("poison", places), new Session("good", places));
        var (gate, opener) = (store.BlockNext(), new Session("opener", places));
        var ofOpener = opener.Decide(queue);
        await gate.ReachedAsync();
        // The batch fails, so each is tried alone: the good one first, and the other one is held then.
        var alone = (Gate?)null;
        store.OnAppend = append =>
        {
            if (append.Head.SessionId != "poison")
                return null;
            alone ??= store.BlockNext("poison");
            return new Fault(FaultMoment.BeforeWrite, new InvalidOperationException("A bad row."));
        };
        var (ofGood, ofPoison) = (good.Decide(queue), poison.Decide(queue));
        gate.Open();
        await ofOpener.InTimeAsync();
        await ofGood.InTimeAsync();
        await alone!.ReachedAsync();
        Assert.False(ofPoison.IsCompleted);
        alone.Open();
        await Assert.ThrowsAsync<BudgetUnavailableException>(() => ofPoison.InTimeAsync());
    }

    [Fact]
    public async Task Session_ThatWaitsAgain_LetsThoseGoFirstWhoCameMeanwhile()
    {
        var (busy, others) = (new Session("busy", places), Enumerable.Range(0, 4).Select(i => new Session($"other-{i}", places)).ToArray());
        var gate = store.BlockNext();
        List<Task> all = [busy.Decide(queue)];
        await gate.ReachedAsync();
        all.Add(busy.Decide(queue));
        all.AddRange(others.Select(other => other.Decide(queue)));
        gate.Open();
        foreach (var one in all)
            await one.InTimeAsync();
        Assert.Equal(["busy", "other-0 other-1", "other-2 other-3", "busy"], Batches());
    }

    [Fact]
    public async Task Session_ThatWaitsAgain_SharesABatchWithWhomThereIsRoom()
    {
        var (busy, other) = (new Session("busy", places), new Session("other", places));
        var gate = store.BlockNext();
        List<Task> all = [busy.Decide(queue)];
        await gate.ReachedAsync();
        all.AddRange([busy.Decide(queue), other.Decide(queue)]);
        gate.Open();
        foreach (var one in all)
            await one.InTimeAsync();
        Assert.Equal(["busy", "other busy"], Batches());
    }

    [Fact]
    public async Task Sessions_ThatWaitAgainWhenTheQueueIsClosed_AreWritten()
    {
        var sessions = Enumerable.Range(0, BatchEntries).Select(i => new Session($"session-{i}", places)).ToArray();
        var (gate, opener) = (store.BlockNext(), new Session("opener", places));
        List<Task> all = [opener.Decide(queue)];
        await gate.ReachedAsync();
        var next = store.BlockNext();
        all.AddRange(sessions.Select(session => session.Decide(queue)));
        gate.Open();
        await next.ReachedAsync();
        var idle = Run();
        // More than a batch holds, and nobody takes it back into the queue.
        for (var i = 0; i < 2; i++)
            all.AddRange(sessions.Select(session => session.Decide(queue)));
        queue.Close();
        await idle.InTimeAsync();
        next.Open();
        foreach (var one in all)
            await one.InTimeAsync();
        await running.InTimeAsync();
    }

    [Fact]
    public async Task Store_ThatAnswersTooLittle_IsNotBelieved()
    {
        store.OnOutcomes = _ => [];
        var session = new Session("session", places);
        await Assert.ThrowsAsync<BudgetUnavailableException>(() => session.Decide(queue).InTimeAsync());
        store.OnOutcomes = null;
        await new Session("other", places).Decide(queue).InTimeAsync();
    }

    private Task Run() => Run(queue, store);

    private Task Run(LaneQueue from, ControlledStore to) =>
        Task.Run(new LaneWriter(from, to, metrics, TimeProvider.System, NullLogger.Instance).RunAsync);

    private IEnumerable<string> Batches() => store.Batches.Select(batch => string.Join(' ', batch.Select(append => append.Head.SessionId)));

    /// <summary>A session whose turns decide one entry after the other.</summary>
    private sealed class Session(string id, WriterPlaces places)
    {
        private readonly SessionWrites writes = new(places, immediateStore: null, 0, 0, DateTimeOffset.MaxValue);
        private long sequence;

        /// <summary>Decides one, and queues where it has to.</summary>
        public Task Decide(LaneQueue queue)
        {
            Assert.True(writes.TryBegin());
            sequence++;
            var durable = writes.Append(
                [new Entry { Sequence = sequence, Kind = EntryKind.Charged }],
                new SessionHead { SessionId = id, Sequence = sequence },
                DateTimeOffset.MaxValue,
                out var isToBeQueued
            );
            if (isToBeQueued)
                queue.Enqueue(writes);
            return durable;
        }
    }
}
