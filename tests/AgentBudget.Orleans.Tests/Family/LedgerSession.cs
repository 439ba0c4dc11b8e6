using AgentBudget.Orleans.Sessions;
using AgentBudget.StoreContract;

namespace AgentBudget.Orleans.Tests.Family;

/// <summary>A session that is a ledger in memory and nothing else: what it decides is durable at once.</summary>
internal sealed class LedgerSession(string id) : ISessionExecutor
{
    private readonly List<Entry> timeline = [];

    public string SessionId => id;

    public SessionLedger Ledger { get; } = SessionLedger.New(id);

    public DateTimeOffset Now { get; set; } = GrowingSession.Start;

    public IReadOnlyList<Entry> Timeline => timeline;

    /// <summary>The sequence at which it was purged; 0 while it was not.</summary>
    public long PurgedAt { get; private set; }

    public DateTimeOffset? RescheduledTo { get; private set; }

    public ValueTask<SessionLedger> LedgerAsync() => ValueTask.FromResult(Ledger);

    public ValueTask<SessionAnswer> ExecuteAsync(SessionCommand command)
    {
        command.Validate();
        var target = Ledger.EntryToLookUp(command);
        var decision = Ledger.Execute(
            command,
            new LookUps
            {
                Prior = command.Key is { } key ? timeline.Find(entry => entry.Key == key) : null,
                Target = timeline.Find(entry => entry.Sequence == target),
                Related = RelatedTo(target),
            },
            Now
        );
        timeline.AddRange(decision.Entries);
        return ValueTask.FromResult(decision.Answer);
    }

    public Task WhenDurableAsync() => Task.CompletedTask;

    public ValueTask<IReadOnlyList<Entry>> ReadAsync(long fromSequence, int count) =>
        ValueTask.FromResult<IReadOnlyList<Entry>>([.. timeline.Skip((int)fromSequence - 1).Take(count)]);

    public ValueTask<IReadOnlyList<Entry>> FindRelatedAsync(long sequence) =>
        ValueTask.FromResult<IReadOnlyList<Entry>>(RelatedTo(sequence));

    public Task<DateTimeOffset> ExpireDueAsync()
    {
        timeline.AddRange(Ledger.ExpireDue(Now));
        return Task.FromResult(Now);
    }

    public Task RescheduleAsync(DateTimeOffset dueAt)
    {
        RescheduledTo = dueAt;
        return Task.CompletedTask;
    }

    public Task PurgeAsync(long sequence)
    {
        PurgedAt = sequence;
        return Task.CompletedTask;
    }

    private Entry[] RelatedTo(long sequence) => [.. timeline.Where(entry => entry.IsRelatedLookup && entry.Related == sequence)];
}
