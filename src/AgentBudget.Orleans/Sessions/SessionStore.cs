using AgentBudget.Ledger;
using AgentBudget.Orleans.Abstractions;
using AgentBudget.Orleans.Storage;

namespace AgentBudget.Orleans.Sessions;

/// <summary>
/// The store as sessions use it, beside the writer. A store that is away is told to callers in their own words: an error that travels,
/// and that they know to answer by sending the operation again.
/// </summary>
internal sealed class SessionStore(ILedgerStore store)
{
    public ValueTask<StoredSession?> LoadAsync(string sessionId, CancellationToken cancellationToken) =>
        AskAsync(store.LoadAsync(sessionId, cancellationToken));

    public ValueTask<IReadOnlyList<Entry>> ReadAsync(string sessionId, long fromSequence, int count, CancellationToken cancellationToken) =>
        AskAsync(store.ReadAsync(sessionId, fromSequence, count, cancellationToken));

    public ValueTask<Entry?> FindByKeyAsync(string sessionId, string key, CancellationToken cancellationToken) =>
        AskAsync(store.FindByKeyAsync(sessionId, key, cancellationToken));

    public ValueTask<IReadOnlyList<Entry>> FindRelatedAsync(string sessionId, long sequence, CancellationToken cancellationToken) =>
        AskAsync(store.FindRelatedAsync(sessionId, sequence, cancellationToken));

    public async ValueTask RescheduleAsync(string sessionId, long sequence, DateTimeOffset dueAt, CancellationToken cancellationToken) =>
        await AskAsync(DoneAsync(store.RescheduleAsync(sessionId, sequence, dueAt, cancellationToken)));

    public async ValueTask PurgeAsync(string sessionId, long sequence, CancellationToken cancellationToken) =>
        await AskAsync(DoneAsync(store.PurgeAsync(sessionId, sequence, cancellationToken)));

    private static async ValueTask<bool> DoneAsync(ValueTask action)
    {
        await action;
        return true;
    }

    private static async ValueTask<T> AskAsync<T>(ValueTask<T> question)
    {
        try
        {
            return await question;
        }
        catch (LedgerStoreUnavailableException exception)
        {
            throw new BudgetUnavailableException($"The ledger could not be read: {exception.Message} Send the operation again with the same key.", exception);
        }
    }
}
