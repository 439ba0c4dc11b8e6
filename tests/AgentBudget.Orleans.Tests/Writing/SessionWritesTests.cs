using System.Diagnostics.Metrics;
using AgentBudget.Orleans.Storage.InMemory;
using AgentBudget.Orleans.Writing;
using AgentBudget.StoreContract.Clusters;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AgentBudget.Orleans.Tests.Writing;

/// <summary>One session's way to the writer, step by step: what the writer reports while a turn is being decided.</summary>
public sealed class SessionWritesTests : IDisposable
{
    private readonly ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    public void Dispose() => services.Dispose();

    [Fact]
    public async Task Append_AfterAFailureInTheMiddleOfItsTurn_IsNotWritten()
    {
        var writer = Writer();
        var writes = writer.WritesOf(0, 0, DateTimeOffset.MaxValue);
        var first = Begun(writes, 1, isToBeQueued: true);
        Assert.NotNull(writes.Take(1));
        Assert.True(writes.TryBegin());
        writes.Failed(new BudgetUnavailableException("The store is away."));

        // It stands on an entry that was not written: written all the same, the timeline had a gap.
        var second = Append(writes, 2, isToBeQueued: false);

        await Assert.ThrowsAsync<BudgetUnavailableException>(() => first);
        await Assert.ThrowsAsync<BudgetUnavailableException>(() => second);
    }

    [Fact]
    public async Task Failure_OfWhatOthersWaitBehind_GivesTheirPlaceBack()
    {
        var writer = Writer(places: 1);
        var writes = writer.WritesOf(0, 0, DateTimeOffset.MaxValue);
        var first = Begun(writes, 1, isToBeQueued: true);
        Assert.NotNull(writes.Take(1));
        var second = Begun(writes, 2, isToBeQueued: false);
        writes.Failed(new BudgetUnavailableException("The store is away."));

        await Assert.ThrowsAsync<BudgetUnavailableException>(() => first);
        await Assert.ThrowsAsync<BudgetUnavailableException>(() => second);
        Assert.True(writer.WritesOf(0, 0, DateTimeOffset.MaxValue).TryBegin());
    }

    // A write can come between the tending and the new due time that is stored for it.
    [Fact]
    public void DueTime_ThatIsOverdue_StaysUntilTheSessionWasTended()
    {
        var due = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var (now, next) = (due + TimeSpan.FromSeconds(1), due + TimeSpan.FromMinutes(5));
        var writes = Writer().WritesOf(0, 0, due);
        Assert.Equal(due, writes.DueAtFor(next, now, isUnfinished: true));
        Assert.Equal(next, writes.DueAtFor(next, now, isUnfinished: false));
        writes.Tended(now);
        Assert.Equal(next, writes.DueAtFor(next, now, isUnfinished: true));
    }

    [Fact]
    public async Task Append_ToAWriterThatHasStopped_IsToldAsUnavailable()
    {
        var writer = Writer();
        await writer.StopAsync();
        var writes = writer.WritesOf(0, 0, DateTimeOffset.MaxValue);
        var first = Begun(writes, 1, isToBeQueued: true);
        writer.LaneOf("session").Enqueue(writes);
        await Assert.ThrowsAsync<BudgetUnavailableException>(() => first);
    }

    [Fact]
    public async Task Success_WithMoreWaitingBehind_AsksToBeTakenAgain()
    {
        var writes = Writer().WritesOf(0, 0, DateTimeOffset.MaxValue);
        var first = Begun(writes, 1, isToBeQueued: true);
        Assert.NotNull(writes.Take(1));
        var second = Begun(writes, 2, isToBeQueued: false);
        writes.Succeeded(out var waitsAgain).SetResult();
        Assert.True(waitsAgain);
        await first;
        Assert.NotNull(writes.Take(2));
        writes.Succeeded(out waitsAgain).SetResult();
        Assert.False(waitsAgain);
        await second;
    }

    [Fact]
    public async Task Writer_ThatTakesBetweenATurnAndItsEntries_GivesEachPlaceBackOnce()
    {
        var writer = Writer();
        var writes = writer.WritesOf(0, 0, DateTimeOffset.MaxValue);
        var first = Begun(writes, 1, isToBeQueued: true);
        Assert.True(writes.TryBegin());
        Assert.NotNull(writes.Take(1));
        var second = Append(writes, 2, isToBeQueued: false);
        writes.Succeeded(out _).SetResult();
        Assert.NotNull(writes.Take(2));
        writes.Succeeded(out _).SetResult();
        await first;
        await second;
        Assert.Equal(0, writer.WaitingSessions);
    }

    [Fact]
    public void Writer_OfAStoreThatTakesNoBatch_IsRefused()
    {
        var refused = Assert.Throws<InvalidOperationException>(() => Writer(atOnce: 0));
        Assert.Contains("takes 0 batches at once", refused.Message, StringComparison.Ordinal);
    }

    private static Task Begun(SessionWrites writes, long sequence, bool isToBeQueued)
    {
        Assert.True(writes.TryBegin());
        return Append(writes, sequence, isToBeQueued);
    }

    private static Task Append(SessionWrites writes, long sequence, bool isToBeQueued)
    {
        var durable = writes.Append(
            [new Entry { Sequence = sequence, Kind = EntryKind.Charged }],
            new SessionHead { SessionId = "session", Sequence = sequence },
            DateTimeOffset.MaxValue,
            out var isQueued
        );
        Assert.Equal(isToBeQueued, isQueued);
        return durable;
    }

    private LedgerWriter Writer(int places = 8, int atOnce = 1) =>
        new(
            new ControlledStore(new InMemoryLedgerStore()) { TakesAtOnce = atOnce },
            Options.Create(new AgentBudgetOptions { WriterQueueSessions = places }),
            new LedgerMetrics(services.GetRequiredService<IMeterFactory>()),
            TimeProvider.System,
            NullLogger<LedgerWriter>.Instance
        );
}
