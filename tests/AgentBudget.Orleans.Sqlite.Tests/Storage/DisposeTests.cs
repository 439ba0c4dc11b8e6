using AgentBudget.Orleans.Sqlite.Journal;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentBudget.Orleans.Sqlite.Tests.Storage;

/// <summary>The end of a store while it is used, and a thread that has more to do than it can.</summary>
public sealed class DisposeTests : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    private readonly LedgerFolder folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Dispose_WhileReadingsAreOnTheirWay_WaitsForTheseAndRefusesTheRest()
    {
        var store = await folder.StartAsync();
        using var go = new ManualResetEventSlim();
        using var begun = new CountdownEvent(4);
        var reading = Enumerable
            .Range(0, 4)
            .Select(_ =>
                store
                    .ReadAsync(
                        reader =>
                        {
                            begun.Signal();
                            Assert.True(go.Wait(Long, Token));
                            return reader.FindDue(DateTimeOffset.MaxValue, 0, 10).Count;
                        },
                        Token
                    )
                    .AsTask()
            )
            .ToArray();
        Assert.True(begun.Wait(Long, Token));
        var waiting = Enumerable.Range(0, 8).Select(_ => store.LoadAsync("session", Token).AsTask()).ToArray();
        var end = Task.Factory.StartNew(store.Dispose, Token, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        while (await IsOpenAsync(store))
            await Task.Yield();
        Assert.False(end.IsCompleted);
        go.Set();
        Assert.All(await Task.WhenAll(reading), count => Assert.Equal(0, count));
        await end.WaitAsync(Long, Token);
        foreach (var load in waiting)
        {
            // Those that had no place yet got one before the end, or hear of it.
            try
            {
                Assert.Null(await load.WaitAsync(Long, Token));
            }
            catch (ObjectDisposedException exception)
            {
                Assert.Contains(nameof(SqliteLedgerStore), exception.ObjectName, StringComparison.Ordinal);
            }
        }

        // Nothing holds the file any more.
        using var again = await folder.StartAsync();
    }

    [Fact]
    public async Task RunAsync_WhenAsMuchWaitsAsMay_RefusesAtOnce()
    {
        (await folder.StartAsync()).Dispose();
        using var connection = new SqliteConnection($"Data Source={folder.FilePath};Pooling=False");
        connection.Open();
        using var worker = new SqliteWorker(folder.FilePath, connection, new JournalTail(TimeProvider.System), 0, NullLogger.Instance);
        worker.Start();
        using var go = new ManualResetEventSlim();
        using var begun = new ManualResetEventSlim();
        var busy = worker.RunAsync(_ =>
        {
            begun.Set();
            return go.Wait(Long, Token);
        });
        Assert.True(begun.Wait(Long, Token));
        var waiting = Enumerable.Range(0, SqliteWorker.QueueCapacity).Select(i => worker.RunAsync(_ => i)).ToArray();
        var refused = await Assert.ThrowsAsync<LedgerStoreUnavailableException>(() => worker.RunAsync(_ => 0).WaitAsync(Long, Token));
        Assert.Contains("try again", refused.Message, StringComparison.Ordinal);
        Assert.All(waiting, task => Assert.False(task.IsCompleted));
        go.Set();
        Assert.True(await busy);
        Assert.Equal(Enumerable.Range(0, SqliteWorker.QueueCapacity), await Task.WhenAll(waiting));
        Assert.True(worker.TryEnd());
        var closed = await Assert.ThrowsAsync<LedgerStoreUnavailableException>(() => worker.RunAsync(_ => 0));
        Assert.Contains("is closed", closed.Message, StringComparison.Ordinal);
    }

    private static async Task<bool> IsOpenAsync(SqliteLedgerStore store)
    {
        using var none = new CancellationTokenSource();
        await none.CancelAsync();
        try
        {
            await store.LoadAsync("session", none.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }
}
