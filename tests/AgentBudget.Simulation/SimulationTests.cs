using System.Collections.Concurrent;
using System.Diagnostics;

namespace AgentBudget.Simulation;

/// <summary>
/// Worlds out of seeds. <c>AGENTBUDGET_SEEDS</c> says how many (2,000 by default), <c>AGENTBUDGET_SEED</c> which one alone. Progress goes
/// to the error stream when more than the usual number is asked for.
/// </summary>
public sealed class SimulationTests
{
    private const int SeedsInCi = 2_000;

    private static int Seeds => int.TryParse(Environment.GetEnvironmentVariable("AGENTBUDGET_SEEDS"), out var asked) ? asked : SeedsInCi;

    [Fact]
    public void AnyWorld_WithoutAPlantedFault_BreaksNoLaw()
    {
        if (int.TryParse(Environment.GetEnvironmentVariable("AGENTBUDGET_SEED"), out var one))
        {
            Assert.Null(Simulation.Run(one));
            return;
        }

        var watch = Stopwatch.StartNew();
        var broken = new ConcurrentBag<string>();
        var done = 0;
        var checks = 0L;
        Parallel.For(
            0,
            Seeds,
            new ParallelOptions { MaxDegreeOfParallelism = 2 },
            (seed, loop) =>
            {
                if (Simulation.Run(seed, out var checkedHere) is { } law)
                    broken.Add($"seed {seed}: {law}");
                Interlocked.Add(ref checks, checkedHere);
                var now = Interlocked.Increment(ref done);
                if (Seeds > SeedsInCi && now % 1_000 == 0)
                    Console.Error.WriteLine(
                        $"{now:N0} of {Seeds:N0} worlds, {checks:N0} writes checked, {broken.Count} broken, {watch.Elapsed:hh\\:mm\\:ss}"
                    );
                if (broken.Count >= 20)
                    loop.Stop();
            }
        );
        TestContext.Current.TestOutputHelper?.WriteLine($"{done:N0} worlds, {checks:N0} writes checked, {watch.Elapsed.TotalSeconds:N0} s");
        if (!broken.IsEmpty)
            Assert.Fail(string.Join(Environment.NewLine, broken.Order()));
    }
}
