using System.Diagnostics;

namespace AgentBudget.Benchmarks.Load;

/// <summary>
/// Callers that each make one call after another for a while. Between calls a caller yields: tight loops would keep the pool's local
/// queues to themselves, starve the rest, and report a throughput that nobody gets. The wait for its turn counts as part of a call.
/// </summary>
internal static class ClosedLoop
{
    private const int SamplesPerCaller = 4_096;

    public static async Task<LoadResult> RunAsync(int callers, TimeSpan duration, Func<int, long, Task> call)
    {
        var samples = new long[callers][];
        var counts = new long[callers];
        var allocatedBefore = GC.GetTotalAllocatedBytes();
        var processorBefore = Environment.CpuUsage.TotalTime;
        var started = Stopwatch.GetTimestamp();
        var until = started + (long)(duration.TotalSeconds * Stopwatch.Frequency);
        await Task.WhenAll(
            Enumerable
                .Range(0, callers)
                .Select(caller =>
                    Task.Run(async () =>
                    {
                        var mine = samples[caller] = new long[SamplesPerCaller];
                        var count = 0L;
                        var before = Stopwatch.GetTimestamp();
                        while (before < until)
                        {
                            await call(caller, count);
                            var now = Stopwatch.GetTimestamp();
                            // Beyond its room a caller keeps every so many-th sample, by overwriting in turn.
                            mine[count % SamplesPerCaller] = now - before;
                            count++;
                            before = now;
                            await Task.Yield();
                        }

                        counts[caller] = count;
                    })
                )
        );
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var calls = (double)counts.Sum();
        return Waits(samples, counts) with
        {
            CallsPerSecond = calls / seconds,
            ProcessorMicroseconds = (Environment.CpuUsage.TotalTime - processorBefore).TotalMicroseconds / calls,
            AllocatedBytes = (GC.GetTotalAllocatedBytes() - allocatedBefore) / calls,
        };
    }

    private static LoadResult Waits(long[][] samples, long[] counts)
    {
        var all = new List<long>();
        for (var caller = 0; caller < samples.Length; caller++)
            all.AddRange(samples[caller].AsSpan(0, (int)Math.Min(counts[caller], SamplesPerCaller)));
        all.Sort();
        return new LoadResult { P50Milliseconds = At(all, 0.50), P99Milliseconds = At(all, 0.99) };
    }

    private static double At(List<long> sorted, double fraction) =>
        sorted.Count == 0 ? 0 : sorted[(int)Math.Min(sorted.Count - 1, sorted.Count * fraction)] * 1000.0 / Stopwatch.Frequency;
}
