using AgentBudget.Ledger.Between;
using AgentBudget.Orleans.Sessions;
using AgentBudget.StoreContract;

namespace AgentBudget.Orleans.Tests.Between;

/// <summary>A session that is a ledger in memory and nothing else: what it decides is durable at once.</summary>
internal sealed class LedgerSession(string id) : ISessionExecutor
{
    private readonly List<Entry> timeline = [];
    private AwaitedAnswers? awaited;

    public string SessionId => id;

    public SessionLedger Ledger { get; } = SessionLedger.New(id);

    public DateTimeOffset Now { get; set; } = GrowingSession.Start;

    public IReadOnlyList<Entry> Timeline => timeline;

    /// <summary>The sequence at which it was purged; 0 while it was not.</summary>
    public long PurgedAt { get; private set; }

    public DateTimeOffset? RescheduledTo { get; private set; }

    public ValueTask<SessionLedger> LedgerAsync() => ValueTask.FromResult(Ledger);

    public Executed Execute(SessionCommand command)
    {
        command.Validate();
        var target = Ledger.EntryToLookUp(command);
        var decision = Ledger.Execute(
            command,
            new LookUps
            {
                Prior = command.Key is { } key ? timeline.Find(entry => entry.Key == key) : null,
                Target = timeline.Find(entry => entry.Sequence == target),
                Related = [.. timeline.Where(entry => entry.IsRelatedLookup && entry.Related == target)],
            },
            Now
        );
        var ended = decision.Awaited == 0 ? null : (awaited ??= new AwaitedAnswers(Ledger)).Of(decision.Awaited);
        Write(decision.Entries);
        return new Executed(decision.Answer, ended);
    }

    public Task<LedgerMessage?> ReceiveAsync(LedgerMessage message)
    {
        var received = Ledger.Receive(message, Evidence.None, Now);
        Write(received.Entries);
        if (received.NeedsEvidence)
        {
            received = Ledger.Receive(message, new Evidence { IsProven = true, AsOf = Ledger.Head.Sequence }, Now);
            Write(received.Entries);
        }

        return Task.FromResult(received.Reply);
    }

    public Task<HolderWord> WordForParentAsync(IReadOnlyList<Entry> entries) => Task.FromResult(Ledger.WordForParent(entries, Now));

    public Task<LedgerMessage?> WordForHolderAsync(HolderRow row, bool wantsProof) =>
        Task.FromResult<LedgerMessage?>(Ledger.WordForHolder(row, Now, wantsAnswer: true, wantsProof));

    public Task EnsureCurrentAsync() => Task.CompletedTask;

    public Task WhenDurableAsync() => Task.CompletedTask;

    public ValueTask<IReadOnlyList<Entry>> ReadAsync(long fromSequence, int count) =>
        ValueTask.FromResult<IReadOnlyList<Entry>>([
            .. timeline.Skip((int)fromSequence - 1).Take(count).Where(entry => entry.Sequence > TrimmedThrough),
        ]);

    /// <summary>The last entry that was trimmed; 0 for none.</summary>
    public long TrimmedThrough { get; private set; }

    public Task TrimAsync(long throughSequence)
    {
        TrimmedThrough = throughSequence;
        return Task.CompletedTask;
    }

    public Task<DateTimeOffset> ExpireDueAsync()
    {
        Write(Ledger.ExpireDue(Now));
        return Task.FromResult(Now);
    }

    public Task RescheduleAsync(DateTimeOffset dueAt)
    {
        RescheduledTo = dueAt;
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<HolderRow>> ReadClosedHoldersAsync(long afterNumber, int count) =>
        Task.FromResult<IReadOnlyList<HolderRow>>([]);

    public Task DropHoldersAsync(IReadOnlyList<HolderRow> closed) => Task.CompletedTask;

    public ValueTask<bool> MayPurgeAsync(SessionHead head, DateTimeOffset now) => ValueTask.FromResult(true);

    public Task PurgeAsync(SessionHead head)
    {
        PurgedAt = head.Sequence;
        return Task.CompletedTask;
    }

    private void Write(IReadOnlyList<Entry> entries)
    {
        timeline.AddRange(entries);
        awaited?.See(entries, Task.CompletedTask);
    }

    public Task WhenParentAnsweredAsync(TimeSpan atMost) => Task.CompletedTask;
}
