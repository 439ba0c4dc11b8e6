using System.Text.Json.Serialization;
using AgentBudget.Orleans.Storage;

namespace AgentBudget.Server.Health;

/// <summary>
/// Asks the ledger store a small question, at most once a second whoever asks for its health, and gives it up after a while.
/// </summary>
internal sealed class StoreProbe(ILedgerStore store, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(3);

    private readonly SemaphoreSlim turn = new(1);
    private StoreHealth? last;
    private long lastAt;

    /// <summary>How the store is, or was within the last second.</summary>
    public async Task<StoreHealth> AskAsync(CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            if (last is not null && time.GetElapsedTime(lastAt) < FreshFor)
                return last;
            last = await AskStoreAsync();
            lastAt = time.GetTimestamp();
            return last;
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose() => turn.Dispose();

    private async Task<StoreHealth> AskStoreAsync()
    {
        var started = time.GetTimestamp();
        using var timeout = new CancellationTokenSource(AnswerWithin, time);
        try
        {
            await store.ListAsync(new SessionListing(Count: 1), timeout.Token).AsTask().WaitAsync(timeout.Token);
            return new StoreHealth("answers", (long)time.GetElapsedTime(started).TotalMilliseconds, Error: null);
        }
        catch (Exception exception)
        {
            var error = exception switch
            {
                OperationCanceledException => $"The ledger store did not answer within {AnswerWithin.TotalSeconds} seconds.",
                LedgerStoreUnavailableException unavailable => unavailable.Message,
                _ => $"The ledger store cannot be asked: {exception.GetType().Name}.",
            };
            return new StoreHealth("away", (long)time.GetElapsedTime(started).TotalMilliseconds, error);
        }
    }
}

/// <summary>How the store is.</summary>
/// <param name="Status"><c>answers</c> or <c>away</c>.</param>
/// <param name="Milliseconds">How long the answer took.</param>
/// <param name="Error">What is the matter, and the mend; null when nothing is.</param>
internal sealed record StoreHealth(string Status, long Milliseconds, string? Error)
{
    [JsonIgnore]
    public bool IsWell => Error is null;
}
