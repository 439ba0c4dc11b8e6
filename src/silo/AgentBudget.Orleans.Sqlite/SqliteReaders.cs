using System.Collections.Concurrent;
using AgentBudget.Orleans.Sqlite.Journal;
using Microsoft.Data.Sqlite;

namespace AgentBudget.Orleans.Sqlite;

/// <summary>A few readers of one ledger, each for one caller at a time; others wait for a place.</summary>
/// <param name="filePath">The ledger.</param>
/// <param name="tail">What this process has in the journal; null when another process writes, and the journal itself is read.</param>
internal sealed class SqliteReaders(string filePath, JournalTail? tail) : IDisposable
{
    private const int MaxReaders = 4;
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(10);

    // Not disposed, ever: who waits for a place while the readers are closed still asks it.
    private readonly SemaphoreSlim places = new(MaxReaders);
    private readonly ConcurrentBag<SqliteReader> idle = [];
    private volatile bool isDisposed;

    /// <exception cref="ObjectDisposedException">The store was closed before the reading began.</exception>
    public async ValueTask<T> ReadAsync<T>(Func<SqliteReader, T> read, CancellationToken cancellationToken)
    {
        await places.WaitAsync(cancellationToken);
        try
        {
            ObjectDisposedException.ThrowIf(isDisposed, typeof(SqliteLedgerStore));
            return await Task.Run(() => SqliteErrors.Read(filePath, () => Read(read)), cancellationToken);
        }
        finally
        {
            places.Release();
        }
    }

    /// <summary>Closes all readers. Readings that have begun are waited for; one that takes too long closes its reader itself.</summary>
    public void Dispose()
    {
        isDisposed = true;
        var started = TimeProvider.System.GetTimestamp();
        var taken = 0;
        while (taken < MaxReaders)
        {
            var left = LongestEnd - TimeProvider.System.GetElapsedTime(started);
            if (!places.Wait(left > TimeSpan.Zero ? left : TimeSpan.Zero))
                break;
            taken++;
        }

        CloseIdle();
        // Those who wait for a place get one, and hear that the store is closed.
        if (taken > 0)
            places.Release(taken);
    }

    private T Read<T>(Func<SqliteReader, T> read)
    {
        if (!idle.TryTake(out var reader))
            reader = new SqliteReader(LedgerFile.Open(filePath, SqliteOpenMode.ReadOnly), filePath, tail);
        try
        {
            var result = reader.Read(read);
            idle.Add(reader);
            if (isDisposed)
                CloseIdle();
            return result;
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    private void CloseIdle()
    {
        while (idle.TryTake(out var reader))
            reader.Dispose();
    }
}
