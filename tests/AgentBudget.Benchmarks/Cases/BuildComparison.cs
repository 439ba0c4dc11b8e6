using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using AgentBudget.Benchmarks.Load;

namespace AgentBudget.Benchmarks.Cases;

/// <summary>
/// The ledger's cases of this build and of another one, round by round in turn and never at the same time: what the machine does in a
/// moment meets both, and the ratio of two rounds that follow each other says more than two runs do.
/// </summary>
/// <param name="folder">Where the other build's benchmark program is: the folder of its executable.</param>
/// <param name="rounds">Rounds that count; half as many more warm up before them.</param>
/// <param name="seconds">How long each case runs in a round.</param>
/// <param name="only">As in <see cref="LedgerBenchmark"/>.</param>
internal sealed class BuildComparison(string folder, int rounds, double seconds, string? only)
{
    private const string Program = "AgentBudget.Benchmarks.dll";

    private readonly Dictionary<(string Case, int Callers), List<(LoadResult Other, LoadResult Own)>> pairs = [];

    /// <summary>Runs both.</summary>
    /// <exception cref="FileNotFoundException">The folder holds no build.</exception>
    public async Task RunAsync()
    {
        using var other = Start(folder);
        using var own = Start(AppContext.BaseDirectory);
        try
        {
            for (var turn = 0; ; turn++)
            {
                // Who is first changes, so that neither always finds the caches of the other.
                var (first, second) = turn % 2 == 0 ? (other, own) : (own, other);
                var (one, two) = (await TurnAsync(first), await TurnAsync(second));
                if (one is null || two is null)
                    return;
                if ((one.Number, one.Case, one.Callers) != (two.Number, two.Case, two.Callers))
                    throw new InvalidOperationException($"One build ran {one.Case}, the other {two.Case}: they have not the same cases.");
                Console.Error.WriteLine($"round {one.Number} of {Warming + rounds}: {one.Case}, {one.Callers} callers");
                Add(one, turn % 2 == 0 ? (one.Result, two.Result) : (two.Result, one.Result));
            }
        }
        finally
        {
            End(other);
            End(own);
        }
    }

    /// <summary>Writes what this build gives by what the other one gives, medians over the rounds.</summary>
    public void Write(TextWriter output)
    {
        output.WriteLine($"{"case", -32} {"callers", 8} {"rounds", 7} {"calls/s", 9} {"± of it", 9} {"p99", 9} {"cpu", 9} {"bytes", 9}");
        foreach (var ((name, callers), all) in pairs)
        {
            output.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{name, -32} {callers, 8:n0} {all.Count, 7} {Ratio(all, one => one.CallsPerSecond), 9:0.000} "
                        + $"{Uncertainty(all), 9:0.000} {Ratio(all, one => one.P99Milliseconds), 9:0.000} "
                        + $"{Ratio(all, one => one.ProcessorMicroseconds), 9:0.000} {Ratio(all, one => one.AllocatedBytes), 9:0.000}"
                )
            );
        }
    }

    private int Warming => (rounds + 1) / 2;

    private static double Ratio(List<(LoadResult Other, LoadResult Own)> all, Func<LoadResult, double> of) =>
        LoadResult.Median(all.Select(pair => of(pair.Own) / of(pair.Other)));

    // Half of the rounds lie between the quartiles; a median is surer than one round by the root of their number.
    private static double Uncertainty(List<(LoadResult Other, LoadResult Own)> all)
    {
        var sorted = all.Select(pair => pair.Own.CallsPerSecond / pair.Other.CallsPerSecond).Order().ToArray();
        return 0.75 * (sorted[sorted.Length * 3 / 4] - sorted[sorted.Length / 4]) / Math.Sqrt(sorted.Length);
    }

    private void Add(Round round, (LoadResult Other, LoadResult Own) pair)
    {
        if (round.Number < Warming)
            return;
        if (!pairs.TryGetValue((round.Case, round.Callers), out var all))
            pairs.Add((round.Case, round.Callers), all = []);
        all.Add(pair);
    }

    private static async Task<Round?> TurnAsync(Process program)
    {
        await program.StandardInput.WriteLineAsync();
        await program.StandardInput.FlushAsync();
        return await program.StandardOutput.ReadLineAsync() is { } line ? JsonSerializer.Deserialize<Round>(line) : null;
    }

    private Process Start(string build)
    {
        var program = Path.Combine(build, Program);
        if (!File.Exists(program))
            throw new FileNotFoundException($"{build} holds no {Program}: name the folder of a Release build of the benchmarks.");
        var start = new ProcessStartInfo("dotnet") { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (
            var argument in (string[])[program, "ledger", "--turns", "--rounds", Text(Warming + rounds - 1), "--seconds", Text(seconds)]
        )
            start.ArgumentList.Add(argument);
        foreach (var argument in only is null ? [] : (string[])["--only", only])
            start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);

    // Without its line of turns a program ends by itself, and cleans up behind it.
    private static void End(Process program)
    {
        program.StandardInput.Close();
        if (!program.WaitForExit(TimeSpan.FromMinutes(1)))
            program.Kill(entireProcessTree: true);
    }
}
