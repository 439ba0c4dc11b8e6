namespace AgentBudget.Orleans.Storage;

/// <summary>
/// A store whose absence is told in words that callers know and that travel: an exception of the store, also as the cause of another,
/// cannot be sent to a client in another process, which would hear of a missing codec instead.
/// </summary>
internal sealed class TranslatingLedgerStore(ILedgerStore store) : ILedgerStore
{
    public int Partitions => store.Partitions;

    public int BatchesAtOnce => store.BatchesAtOnce;

    public int PartitionOf(string ledgerId) => store.PartitionOf(ledgerId);

    // Readers of the feed wait for a store that is away by themselves.
    public ILedgerFeedStore Feed => store.Feed;

    public IDeliveryStore Deliveries => store.Deliveries;

    public Task StartAsync(CancellationToken cancellationToken) => store.StartAsync(cancellationToken);

    public ValueTask<IReadOnlyList<AppendOutcome>> AppendAsync(IReadOnlyList<LedgerAppend> batch) => store.AppendAsync(batch);

    public ValueTask<StoredLedger?> LoadAsync(string ledgerId, CancellationToken cancellationToken) =>
        TranslatedAsync(() => store.LoadAsync(ledgerId, cancellationToken));

    public ValueTask<SessionHead?> LoadHeadAsync(string ledgerId, CancellationToken cancellationToken) =>
        TranslatedAsync(() => store.LoadHeadAsync(ledgerId, cancellationToken));

    public ValueTask<IReadOnlyList<Entry>> ReadAsync(string ledgerId, long fromSequence, int count, CancellationToken cancellationToken) =>
        TranslatedAsync(() => store.ReadAsync(ledgerId, fromSequence, count, cancellationToken));

    public ValueTask<Entry?> FindByKeyAsync(string ledgerId, string key, CancellationToken cancellationToken) =>
        TranslatedAsync(() => store.FindByKeyAsync(ledgerId, key, cancellationToken));

    public ValueTask<IReadOnlyList<Entry>> FindRelatedAsync(string ledgerId, long sequence, CancellationToken cancellationToken) =>
        TranslatedAsync(() => store.FindRelatedAsync(ledgerId, sequence, cancellationToken));

    public ValueTask<HolderRow?> FindHolderAsync(string ledgerId, string holderId, long holderLife, CancellationToken cancellationToken) =>
        TranslatedAsync(() => store.FindHolderAsync(ledgerId, holderId, holderLife, cancellationToken));

    public ValueTask<IReadOnlyList<string>> FindDueAsync(DateTimeOffset now, int skip, int count, CancellationToken cancellationToken) =>
        TranslatedAsync(() => store.FindDueAsync(now, skip, count, cancellationToken));

    public ValueTask<IReadOnlyList<SessionHead>> ListAsync(SessionListing listing, CancellationToken cancellationToken) =>
        TranslatedAsync(() => store.ListAsync(listing, cancellationToken));

    public async ValueTask RescheduleAsync(
        string ledgerId,
        long life,
        long sequence,
        DateTimeOffset dueAt,
        CancellationToken cancellationToken
    ) =>
        await TranslatedAsync(async () =>
        {
            await store.RescheduleAsync(ledgerId, life, sequence, dueAt, cancellationToken);
            return true;
        });

    public async ValueTask PurgeAsync(string ledgerId, long life, long sequence, CancellationToken cancellationToken) =>
        await TranslatedAsync(async () =>
        {
            await store.PurgeAsync(ledgerId, life, sequence, cancellationToken);
            return true;
        });

    public async ValueTask TrimAsync(string ledgerId, long throughSequence, CancellationToken cancellationToken) =>
        await TranslatedAsync(async () =>
        {
            await store.TrimAsync(ledgerId, throughSequence, cancellationToken);
            return true;
        });

    public ValueTask<IReadOnlyList<HolderRow>> ReadClosedHoldersAsync(
        string ledgerId,
        long afterNumber,
        int count,
        CancellationToken cancellationToken
    ) => TranslatedAsync(() => store.ReadClosedHoldersAsync(ledgerId, afterNumber, count, cancellationToken));

    public async ValueTask DropHoldersAsync(string ledgerId, IReadOnlyList<long> numbers, CancellationToken cancellationToken) =>
        await TranslatedAsync(async () =>
        {
            await store.DropHoldersAsync(ledgerId, numbers, cancellationToken);
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
