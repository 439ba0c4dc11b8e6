namespace AgentBudget.Orleans.Storage;

/// <summary>
/// A store whose absence is told in words that callers know and that travel: an exception of the store, also as the cause of another,
/// cannot be sent to a client in another process, which would hear of a missing codec instead.
/// </summary>
internal sealed class TranslatingLedgerStore(ILedgerStore store) : ILedgerStore
{
    public int Partitions => store.Partitions;

    public int PartitionOf(string sessionId) => store.PartitionOf(sessionId);

    public Task StartAsync(CancellationToken cancellationToken) => store.StartAsync(cancellationToken);

    public ValueTask<IReadOnlyList<AppendOutcome>> AppendAsync(IReadOnlyList<SessionAppend> batch) => store.AppendAsync(batch);

    public ValueTask<StoredSession?> LoadAsync(string sessionId, CancellationToken cancellationToken) =>
        TranslatedAsync(() => store.LoadAsync(sessionId, cancellationToken));

    public ValueTask<IReadOnlyList<Entry>> ReadAsync(string sessionId, long fromSequence, int count, CancellationToken cancellationToken) =>
        TranslatedAsync(() => store.ReadAsync(sessionId, fromSequence, count, cancellationToken));

    public ValueTask<Entry?> FindByKeyAsync(string sessionId, string key, CancellationToken cancellationToken) =>
        TranslatedAsync(() => store.FindByKeyAsync(sessionId, key, cancellationToken));

    public ValueTask<IReadOnlyList<Entry>> FindRelatedAsync(string sessionId, long sequence, CancellationToken cancellationToken) =>
        TranslatedAsync(() => store.FindRelatedAsync(sessionId, sequence, cancellationToken));

    public ValueTask<IReadOnlyList<string>> FindDueAsync(DateTimeOffset now, int skip, int count, CancellationToken cancellationToken) =>
        TranslatedAsync(() => store.FindDueAsync(now, skip, count, cancellationToken));

    public ValueTask<IReadOnlyList<SessionHead>> ListAsync(SessionListing listing, CancellationToken cancellationToken) =>
        TranslatedAsync(() => store.ListAsync(listing, cancellationToken));

    public async ValueTask RescheduleAsync(string sessionId, long sequence, DateTimeOffset dueAt, CancellationToken cancellationToken) =>
        await TranslatedAsync(async () =>
        {
            await store.RescheduleAsync(sessionId, sequence, dueAt, cancellationToken);
            return true;
        });

    public async ValueTask PurgeAsync(string sessionId, long sequence, CancellationToken cancellationToken) =>
        await TranslatedAsync(async () =>
        {
            await store.PurgeAsync(sessionId, sequence, cancellationToken);
            return true;
        });

    public async ValueTask TrimAsync(string sessionId, long throughSequence, CancellationToken cancellationToken) =>
        await TranslatedAsync(async () =>
        {
            await store.TrimAsync(sessionId, throughSequence, cancellationToken);
            return true;
        });

    private static async ValueTask<T> TranslatedAsync<T>(Func<ValueTask<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (LedgerStoreUnavailableException exception)
        {
            throw new BudgetUnavailableException($"The ledger could not be read: {exception.Message}");
        }
    }
}
