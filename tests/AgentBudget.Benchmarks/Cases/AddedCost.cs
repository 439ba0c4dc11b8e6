using System.Diagnostics;
using System.Globalization;

namespace AgentBudget.Benchmarks.Cases;

/// <summary>
/// What something adds to a call, as time and bytes: cases in turn, round after round, each one call after the other, and the median of the
/// rounds. Ratios are to the first case, which is the two grain calls that reserve and settle.
/// </summary>
internal sealed class AddedCost(int rounds, int calls)
{
    private readonly List<(string Name, double Microseconds, double Bytes, double Ratio, string Bar)> results = [];
    private (double Time, double Bytes)[] medians = [];

    public async Task MeasureAsync(IReadOnlyList<Func<Task>> cases)
    {
        var measured = cases.Select(_ => new List<(double Time, double Bytes)>()).ToArray();
        // The first round warms up.
        for (var round = 0; round <= rounds; round++)
        {
            for (var i = 0; i < cases.Count; i++)
            {
                var one = await MeasureAsync(cases[i]);
                if (round > 0)
                    measured[i].Add(one);
            }
        }

        medians = [.. measured.Select(list => (Median(list.Select(one => one.Time)), Median(list.Select(one => one.Bytes))))];
    }

    /// <summary>Adds a case as it is.</summary>
    public void Add(string name, int which) => AddOver(name, which, [], "");

    /// <summary>Adds what a case takes over others.</summary>
    public void AddOver(string name, int which, int[] without, string bar)
    {
        var (time, bytes) = medians[which];
        foreach (var other in without)
            (time, bytes) = (time - medians[other].Time, bytes - medians[other].Bytes);
        results.Add((name, time, bytes, time / medians[0].Time, bar));
    }

    /// <summary>Adds how long the slowest of a hundred calls takes, all of it.</summary>
    public async Task AddTailAsync(string name, Func<Task> make, string bar)
    {
        var taken = new double[rounds * calls];
        for (var i = 0; i < taken.Length; i++)
        {
            var began = Stopwatch.GetTimestamp();
            await make();
            taken[i] = Stopwatch.GetElapsedTime(began).TotalMicroseconds;
        }

        Array.Sort(taken);
        var slow = taken[taken.Length * 99 / 100];
        results.Add((name, slow, 0, slow / medians[0].Time, bar));
    }

    public void Write(TextWriter output)
    {
        output.WriteLine($"{"case", -46} {"us/call", 9} {"bytes", 8} {"ratio", 6}   bar");
        foreach (var (name, microseconds, bytes, ratio, bar) in results)
            output.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"{name, -46} {microseconds, 9:0.0} {bytes, 8:0} {ratio, 6:0.00}   {bar}")
            );
    }

    private async Task<(double Time, double Bytes)> MeasureAsync(Func<Task> make)
    {
        var (bytes, began) = (GC.GetTotalAllocatedBytes(precise: true), Stopwatch.GetTimestamp());
        for (var i = 0; i < calls; i++)
            await make();
        var time = Stopwatch.GetElapsedTime(began).TotalMicroseconds;
        return (time / calls, (GC.GetTotalAllocatedBytes(precise: true) - bytes) / (double)calls);
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }
}
