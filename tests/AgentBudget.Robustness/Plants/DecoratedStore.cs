using AgentBudget.Orleans.Storage;

namespace AgentBudget.Robustness.Plants;

/// <summary>A store around another that does the same, so that a planted fault says only what it does otherwise.</summary>
public abstract class DecoratedStore(ILedgerStore inner) : ILedgerStore
{
    public int Partitions => inner.Partitions;

    public int PartitionOf(string sessionId) => inner.PartitionOf(sessionId);

    /// <summary>The store itself.</summary>
    protected ILedgerStore Inner => inner;

    public virtual Task StartAsync(CancellationToken cancellationToken) => inner.StartAsync(cancellationToken);

    public virtual ValueTask<IReadOnlyList<AppendOutcome>> AppendAsync(IReadOnlyList<SessionAppend> batch) => inner.AppendAsync(batch);

    public virtual ValueTask<StoredSession?> LoadAsync(string sessionId, CancellationToken cancellationToken) => inner.LoadAsync(sessionId, cancellationToken);

    public virtual ValueTask<IReadOnlyList<Entry>> ReadAsync(string sessionId, long fromSequence, int count, CancellationToken cancellationToken) =>
        inner.ReadAsync(sessionId, fromSequence, count, cancellationToken);

    public virtual ValueTask<Entry?> FindByKeyAsync(string sessionId, string key, CancellationToken cancellationToken) => inner.FindByKeyAsync(sessionId, key, cancellationToken);

    public virtual ValueTask<IReadOnlyList<Entry>> FindRelatedAsync(string sessionId, long sequence, CancellationToken cancellationToken) =>
        inner.FindRelatedAsync(sessionId, sequence, cancellationToken);

    public virtual ValueTask<IReadOnlyList<string>> FindDueAsync(DateTimeOffset now, int skip, int count, CancellationToken cancellationToken) =>
        inner.FindDueAsync(now, skip, count, cancellationToken);

    public virtual ValueTask RescheduleAsync(string sessionId, long sequence, DateTimeOffset dueAt, CancellationToken cancellationToken) =>
        inner.RescheduleAsync(sessionId, sequence, dueAt, cancellationToken);

    public virtual ValueTask PurgeAsync(string sessionId, long sequence, CancellationToken cancellationToken) => inner.PurgeAsync(sessionId, sequence, cancellationToken);

    public virtual ValueTask TrimAsync(string sessionId, long throughSequence, CancellationToken cancellationToken) =>
        inner.TrimAsync(sessionId, throughSequence, cancellationToken);

    public virtual ValueTask<IReadOnlyList<SessionHead>> ListAsync(SessionListing listing, CancellationToken cancellationToken) => inner.ListAsync(listing, cancellationToken);
}
