using System.Diagnostics;

namespace AgentBudget.Benchmarks.Load;

/// <summary>
/// Calls that begin at a fixed rate, whatever became of those before: as in the world, and other than in a closed loop, a stall delays
/// all that should have begun meanwhile. A wait counts from when the call should have begun.
/// </summary>
internal static class OpenLoop
{
    public static async Task<LoadResult> RunAsync(int callsPerSecond, TimeSpan duration, Func<int, long, Task> call)
    {
        var total = (int)(callsPerSecond * duration.TotalSeconds);
        var waits = new long[total];
        var started = Stopwatch.GetTimestamp();
        var running = new List<Task>(total);
        for (var number = 0; number < total; )
        {
            var due = Math.Min(total, (int)(Stopwatch.GetElapsedTime(started).TotalSeconds * callsPerSecond) + 1);
            for (; number < due; number++)
                running.Add(CallAsync(number));
            await Task.Delay(1);
        }

        await Task.WhenAll(running);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        Array.Sort(waits);
        return new LoadResult
        {
            CallsPerSecond = total / seconds,
            P50Milliseconds = waits[total / 2] * 1000.0 / Stopwatch.Frequency,
            P99Milliseconds = waits[(int)(total * 0.99)] * 1000.0 / Stopwatch.Frequency,
        };

        async Task CallAsync(int number)
        {
            var shouldBegin = started + (long)(number * (double)Stopwatch.Frequency / callsPerSecond);
            await Task.Yield();
            await call(number % 1_000, number);
            waits[number] = Stopwatch.GetTimestamp() - shouldBegin;
        }
    }
}
