using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;

namespace AgentBudget.StoreContract.Clusters;

/// <summary>How long a test waits for something that has to come, and how a caller goes on until it knows.</summary>
public static class Patience
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private const int Attempts = 400;

    public static Task InTimeAsync(this Task task) => task.WaitAsync(Limit, TestContext.Current.CancellationToken);

    public static Task<T> InTimeAsync<T>(this Task<T> task) => task.WaitAsync(Limit, TestContext.Current.CancellationToken);

    /// <summary>Waits for a call of a client whose clock stands still. On a busy machine its first attempt may be lost, and it waits by
    /// that clock until it tries again: where the answer does not come, time passes a little.</summary>
    public static async Task<T> WithClockAsync<T>(this Task<T> task, FakeTimeProvider clock)
    {
        var since = Stopwatch.GetTimestamp();
        while (await Task.WhenAny(task, Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken)) != task)
        {
            Assert.True(Stopwatch.GetElapsedTime(since) < Limit, "There is no answer.");
            clock.Advance(TimeSpan.FromMilliseconds(100));
        }

        return await task;
    }

    /// <summary>Sends an operation, with its one key, until its outcome is known.</summary>
    public static async Task<T> UntilKnownAsync<T>(Func<Task<T>> send)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await send().InTimeAsync();
            }
            catch (BudgetUnavailableException) when (attempt < Attempts)
            {
                await Task.Yield();
            }
        }
    }

    /// <summary>Asks again and again until it is so.</summary>
    public static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        var since = Stopwatch.GetTimestamp();
        while (!await isSo().InTimeAsync())
        {
            Assert.True(Stopwatch.GetElapsedTime(since) < Limit, "It has not come to be so.");
            await Task.Yield();
        }
    }

    /// <summary>Asserts that a task has failed because the ledger could not answer.</summary>
    public static Task<BudgetUnavailableException> AssertUnavailableAsync(this Task task) =>
        Assert.ThrowsAsync<BudgetUnavailableException>(() => task.InTimeAsync());
}
