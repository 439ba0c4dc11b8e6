using System.Diagnostics.Metrics;
using AgentBudget.Orleans.Storage.InMemory;
using AgentBudget.Orleans.Telemetry;
using AgentBudget.Orleans.Writing;
using AgentBudget.StoreContract.Clusters;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AgentBudget.Orleans.Tests.Writing;

/// <summary>One session's way to the writer, step by step: what the writer reports while a turn is being decided.</summary>
public sealed class SessionJournalTests : IDisposable
{
    private readonly ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    public void Dispose() => services.Dispose();

    [Fact]
    public async Task Append_AfterAFailureInTheMiddleOfItsTurn_IsNotWritten()
    {
        var writer = Writer();
        var journal = new SessionJournal(writer.LaneOf("session"), 0, DateTimeOffset.MaxValue);
        var first = Begun(journal, 1);
        Assert.NotNull(journal.Take(1));
        Assert.True(journal.TryBegin());
        journal.Failed(new BudgetUnavailableException("The store is away."));

        // It stands on an entry that was not written: written all the same, the timeline had a gap.
        var second = Append(journal, 2);

        await Assert.ThrowsAsync<BudgetUnavailableException>(() => first);
        await Assert.ThrowsAsync<BudgetUnavailableException>(() => second);
    }

    [Fact]
    public async Task Failure_OfWhatOthersWaitBehind_GivesTheirPlaceBack()
    {
        var writer = Writer(places: 1);
        var journal = new SessionJournal(writer.LaneOf("session"), 0, DateTimeOffset.MaxValue);
        var first = Begun(journal, 1);
        Assert.NotNull(journal.Take(1));
        var second = Begun(journal, 2);
        journal.Failed(new BudgetUnavailableException("The store is away."));

        await Assert.ThrowsAsync<BudgetUnavailableException>(() => first);
        await Assert.ThrowsAsync<BudgetUnavailableException>(() => second);
        Assert.True(writer.TryTakePlace());
    }

    [Fact]
    public async Task Append_ToAWriterThatHasStopped_IsToldAsUnavailable()
    {
        var writer = Writer();
        await writer.StopAsync();
        var journal = new SessionJournal(writer.LaneOf("session"), 0, DateTimeOffset.MaxValue);
        await Assert.ThrowsAsync<BudgetUnavailableException>(() => Begun(journal, 1));
    }

    private static Task Begun(SessionJournal journal, long sequence)
    {
        Assert.True(journal.TryBegin());
        return Append(journal, sequence);
    }

    private static Task Append(SessionJournal journal, long sequence) => journal.Append(
        [new Entry { Sequence = sequence, Kind = EntryKind.Charged }],
        new SessionHead { SessionId = "session", Sequence = sequence },
        DateTimeOffset.MaxValue);

    private LedgerWriter Writer(int places = 8) => new(
        new ControlledStore(new InMemoryLedgerStore()),
        Options.Create(new AgentBudgetOptions { WriterQueueSessions = places }),
        new LedgerMetrics(services.GetRequiredService<IMeterFactory>()),
        TimeProvider.System,
        NullLogger<LedgerWriter>.Instance);
}
