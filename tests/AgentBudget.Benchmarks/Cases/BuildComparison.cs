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

    // Time for what a round has left behind: a journal is spread over its tables when nobody asks for anything.
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);

    private readonly Dictionary<(string Case, int Callers), List<(LoadResult Other, LoadResult Own)>> pairs = [];

    /// <summary>Runs both.</summary>
    /// <exception cref="InvalidOperationException">A build is missing, ended early, or has not the same cases; the message says
    /// which.</exception>
    public async Task RunAsync()
    {
        using var other = Start(folder);
        using var own = Start(AppContext.BaseDirectory);
        try
        {
            await RunAsync(other, own);
        }
        finally
        {
            End(other);
            End(own);
        }

        if (pairs.Count == 0)
            throw new InvalidOperationException($"No case was run: none has {only} in its name.");
    }

    private async Task RunAsync(Process other, Process own)
    {
        var cases = 0;
        for (var turn = 0; ; turn++)
        {
            // From round to round: who is first leaves work behind, for the disk too, that the second one would always meet.
            var isOtherFirst = turn / Math.Max(cases, 1) % 2 == 0;
            var first = await TurnAsync(isOtherFirst ? other : own);
            var second = await TurnAsync(isOtherFirst ? own : other);
            var (theirs, ours) = isOtherFirst ? (first, second) : (second, first);
            if (theirs is null && ours is null)
                return;
            if (theirs is null || ours is null)
                throw new InvalidOperationException(
                    $"The build in {(theirs is null ? folder : AppContext.BaseDirectory)} ended early; what it said stands above. Builds "
                        + "from before there was such a comparison cannot be compared."
                );
            if ((theirs.Number, theirs.Case, theirs.Callers) != (ours.Number, ours.Case, ours.Callers))
                throw new InvalidOperationException($"One build ran {theirs.Case}, the other {ours.Case}: they have not the same cases.");
            Console.Error.WriteLine($"round {ours.Number + 1} of {Warming + rounds}: {ours.Case}, {ours.Callers} callers");
            if (ours.Number == 0)
                cases++;
            Add(ours, (theirs.Result, ours.Result));
        }
    }

    /// <summary>Writes what this build gives by what the other one gives, medians over the rounds.</summary>
    public void Write(TextWriter output)
    {
        output.WriteLine("This build by the other one. Two processes of one build differ by about a twentieth: repeat it.");
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

    // The standard error of a median, from the half of the rounds that lies between the quartiles. It knows nothing of what differs between
    // two processes of one build.
    private static double Uncertainty(List<(LoadResult Other, LoadResult Own)> all)
    {
        var sorted = all.Select(pair => pair.Own.CallsPerSecond / pair.Other.CallsPerSecond).Order().ToArray();
        return 0.93 * (sorted[sorted.Length * 3 / 4] - sorted[sorted.Length / 4]) / Math.Sqrt(sorted.Length);
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
        try
        {
            await program.StandardInput.WriteLineAsync();
        }
        catch (IOException)
        {
            return null;
        }

        if (await program.StandardOutput.ReadLineAsync() is not { } line)
            return null;
        await Task.Delay(Rest);
        return JsonSerializer.Deserialize<Round>(line);
    }

    private Process Start(string build)
    {
        var program = Path.Combine(build, Program);
        if (!File.Exists(program))
            throw new InvalidOperationException($"{build} holds no {Program}: name the folder of a Release build of the benchmarks.");
        var start = new ProcessStartInfo("dotnet") { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var argument in (string[])[program, "turns", "--rounds", Text(Warming + rounds - 1), "--seconds", Text(seconds)])
            start.ArgumentList.Add(argument);
        foreach (var argument in only is null ? [] : (string[])["--only", only])
            start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);

    // Without its line of turns a program ends by itself, and cleans up behind it.
    private static void End(Process program)
    {
        try
        {
            program.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended already.
        }

        if (!program.WaitForExit(TimeSpan.FromMinutes(1)))
            program.Kill(entireProcessTree: true);
    }
}
