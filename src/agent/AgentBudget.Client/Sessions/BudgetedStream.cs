using System.Runtime.CompilerServices;
using AgentBudget.Client.Calls;

namespace AgentBudget.Client.Sessions;

/// <summary>A stream of pieces under a budget: it is settled before the piece that says its final usage goes out, and else when it ends,
/// fails or is given up.</summary>
internal sealed class BudgetedStream<T>(BudgetedCall call, StreamReading<T> reading, CancellationToken cancellationToken) : IAsyncDisposable
{
    private const int MostReads = 256;

    // A stream that hears of no token is not waited for.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource cut = CancellationTokenSource.CreateLinkedTokenSource(call.CutToken, cancellationToken);
    private IAsyncEnumerator<T>? pieces;
    private bool hasPieces;
    private bool isPaidElsewhere;

    public T Current => pieces!.Current;

    /// <summary>Whether the last step came to a piece, even where its settlement failed.</summary>
    public bool HasPiece { get; private set; }

    public async ValueTask BeginAsync<TState>(TState state, Func<TState, BudgetedCall, CancellationToken, IAsyncEnumerable<T>> begin)
    {
        try
        {
            pieces = begin(state, call, cut.Token).GetAsyncEnumerator(cut.Token);
        }
        catch (Exception exception)
        {
            await FailAsync(exception);
            throw;
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> MoveNextAsync()
    {
        bool isThere;
        HasPiece = false;
        try
        {
            // A provider's stream that hears of no token ends with its next piece all the same.
            cancellationToken.ThrowIfCancellationRequested();
            cut.Token.ThrowIfCancellationRequested();
            isThere = hasPieces ? await pieces!.MoveNextAsync() : await MoveToFirstAsync();
        }
        catch (Exception exception)
        {
            await FailAsync(exception);
            throw;
        }

        if (isThere)
        {
            hasPieces = true;
            reading.Read(call.Stream, Current);
        }

        HasPiece = isThere;
        // A stream that was cut can end without an exception.
        if (!call.HasEnded && (!isThere || call.Stream.IsFinal))
            await SettleAsync();
        return isThere;
    }

    /// <summary>Its reader wants no more of it, or it has come to its end.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (pieces is not null && (!HasPiece || call.HasEnded || await BreakOffAsync(pieces)))
                await pieces.DisposeAsync();
        }
        finally
        {
            cut.Dispose();
            if (!isPaidElsewhere || !call.Attempts.IsTaken)
                await call.CutAsync();
        }
    }

    // A stream that is only disposed is read on for a while, so that its connection can be used again, and its provider goes on and bills.
    // One whose reading is cancelled is closed at once. Returns whether nobody reads it any more.
    private async ValueTask<bool> BreakOffAsync(IAsyncEnumerator<T> from)
    {
        var reading = Task.FromResult(true);
        try
        {
            // What has arrived already comes without waiting.
            for (var i = 0; i < MostReads && reading.IsCompletedSuccessfully && reading.Result; i++)
                reading = from.MoveNextAsync().AsTask();
            await cut.CancelAsync();
        }
        catch (Exception)
        {
            // It is broken, which is what was wanted.
        }

        await ((Task)reading).WaitAsync(Patience, TimeProvider.System).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (reading.IsCompleted)
            return true;
        _ = DisposeBehindAsync(reading, from);
        return false;
    }

    private static async Task DisposeBehindAsync(Task reading, IAsyncEnumerator<T> from)
    {
        await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await from.DisposeAsync();
    }

    // The request goes out when the first piece is asked for.
    private async ValueTask<bool> MoveToFirstAsync()
    {
        using (call.Enter())
            return await pieces!.MoveNextAsync();
    }

    // What came may have been paid for by whoever sent it again.
    private Task SettleAsync()
    {
        isPaidElsewhere = call.Attempts.WasAnsweredElsewhere(call.Stream.Usage.ResponseId);
        return isPaidElsewhere ? call.GiveBackAsync() : call.SettleStreamAsync();
    }

    private async Task FailAsync(Exception failure)
    {
        // One that goes on in the background has not ended.
        if (!call.IsKeptOpen)
            await call.FailAsync(failure, call.Stream.Usage, hasPieces);
        call.ThrowIfCut(failure, cancellationToken);
    }
}
