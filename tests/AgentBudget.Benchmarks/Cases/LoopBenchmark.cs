using System.Globalization;
using System.Text.Json;

namespace AgentBudget.Benchmarks.Cases;

/// <summary>
/// What the sense of loops adds to a call: the same charges on a ledger in memory with the shipped rules and with none, in turn, and the
/// difference of the medians; and what the fingerprints cost that a client makes. Processor time, for one thread does it all.
/// </summary>
internal sealed class LoopBenchmark(int rounds, int calls)
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly List<(string Name, double Microseconds, double Bytes, string Bar)> results = [];

    public void Run()
    {
        Compare("exact, other arguments each time", LoopPolicy.Default, i => Tool((ulong)i + 1, (ulong)i + 1), "<= 1 us, 0 bytes");
        Compare("exact, one call, new result each time", LoopPolicy.Default, i => Tool(1, (ulong)i + 1), "<= 1 us, 0 bytes");
        Compare(
            "exact, 20 calls in turn, new results",
            LoopPolicy.Default,
            i => Tool((ulong)(i % 20) + 1, (ulong)i + 1),
            "<= 1 us, 0 bytes"
        );
        Compare(
            "exact, model and tool in turn",
            LoopPolicy.Default,
            i => i % 2 == 0 ? Model : Tool((ulong)(i % 30) + 1, (ulong)i + 1),
            "<= 1 us, 0 bytes"
        );
        // No trip, which would end the measurement.
        var endless = LoopPolicy.Default.SameFailure with
        {
            Calls = 0,
            WarnAt = 0,
        };
        Compare(
            "failures alike, other arguments each time",
            LoopPolicy.Default with
            {
                SameFailure = endless,
            },
            i => Tool((ulong)i + 1, (7UL << 32) + (ulong)i + 1) with { Failed = true },
            "<= 10 us, 0 bytes"
        );
        var similar = LoopPolicy.Default with
        {
            ByName = new Dictionary<string, ToolLoops> { ["search"] = new() { Matching = LoopMatching.Similar } },
        };
        Compare("similar, other arguments each time", similar, i => Tool((ulong)i + 1, (ulong)i + 1), "<= 10 us, 0 bytes");
        var arguments = Arguments();
        Measure(
            $"fingerprint of {arguments.Length:n0} bytes of arguments",
            calls / 10,
            _ => CallFingerprint.Of("search", arguments),
            "<= 20 us"
        );
        Measure("sketch of the same", calls / 10, _ => ArgumentSketch.Of(arguments), "");
        Measure("masks of a result of the same length", calls / 10, _ => ResultFingerprint.Of(arguments), "<= 20 us");
        Measure("masks of a failure, arguments as long", calls / 10, _ => ResultFingerprint.OfFailure(arguments, arguments), "<= 20 us");
        var report = string.Join(
            '\n',
            Enumerable
                .Range(0, 16)
                .Select(i => $"  File \"/work/src/module/part_{i}.py\", line {i * 17}, in run: could not find count[{i}]")
        );
        Measure(
            $"masks of a failure of {report.Length:n0} bytes that quotes paths",
            calls / 10,
            _ => ResultFingerprint.OfFailure(report, arguments),
            "<= 20 us"
        );
    }

    public void Write(TextWriter output)
    {
        output.WriteLine($"{"case", -46} {"us/call", 9} {"bytes", 8}   bar");
        foreach (var (name, microseconds, bytes, bar) in results)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name, -46} {microseconds, 9:0.000} {bytes, 8:0}   {bar}"));
    }

    public void WriteJson(string path)
    {
        using var stream = File.Create(path);
        using var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        writer.WriteStartArray();
        foreach (var (name, microseconds, bytes, _) in results)
        {
            writer.WriteStartObject();
            writer.WriteString("case", name);
            writer.WriteNumber("microseconds_per_call", Math.Round(microseconds, 3));
            writer.WriteNumber("bytes_per_call", Math.Round(bytes));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static Call Model { get; } = Call.Model("gpt-5");

    private static Call Tool(ulong fingerprint, ulong result) =>
        new()
        {
            Kind = CallKind.Tool,
            Name = "search",
            Fingerprint = fingerprint,
            Sketch = fingerprint * 0x9E3779B97F4A7C15UL,
            Result = result,
        };

    private void Compare(string name, LoopPolicy policy, Func<int, Call> make, string bar)
    {
        Console.Error.WriteLine(name);
        var made = Enumerable.Range(0, calls).Select(make).ToArray();
        var with = new List<(double Time, double Bytes)>();
        var without = new List<(double Time, double Bytes)>();
        for (var round = 0; round <= rounds; round++)
        {
            var on = Charge(made, policy);
            var off = Charge(made, LoopPolicy.Off);
            if (round == 0)
                continue;
            with.Add(on);
            without.Add(off);
        }

        results.Add(
            (
                name,
                Median(with.Select(one => one.Time)) - Median(without.Select(one => one.Time)),
                Median(with.Select(one => one.Bytes)) - Median(without.Select(one => one.Bytes)),
                bar
            )
        );
    }

    private static (double Time, double Bytes) Charge(Call[] made, LoopPolicy policy)
    {
        var ledger = SessionLedger.New("bench");
        ledger.Execute(
            new OpenCommand
            {
                Options = new BudgetSessionOptions { Budget = Money.Parse("1000000"), Loops = policy },
            },
            LookUps.None,
            Start
        );
        var (bytes, clock) = (GC.GetAllocatedBytesForCurrentThread(), Environment.CpuUsage.TotalTime);
        for (var i = 0; i < made.Length; i++)
            ledger.Execute(
                new ChargeCommand { Cost = Money.FromNanoDollars(1), Call = made[i] },
                LookUps.None,
                Start + TimeSpan.FromSeconds(i * 7)
            );
        var time = (Environment.CpuUsage.TotalTime - clock).TotalMicroseconds;
        return (time / made.Length, (GC.GetAllocatedBytesForCurrentThread() - bytes) / (double)made.Length);
    }

    private void Measure(string name, int count, Func<int, ulong> work, string bar)
    {
        Console.Error.WriteLine(name);
        var times = new List<(double Time, double Bytes)>();
        for (var round = 0; round <= rounds; round++)
        {
            var (bytes, clock) = (GC.GetAllocatedBytesForCurrentThread(), Environment.CpuUsage.TotalTime);
            for (var i = 0; i < count; i++)
                work(i);
            if (round > 0)
                times.Add(
                    (
                        (Environment.CpuUsage.TotalTime - clock).TotalMicroseconds / count,
                        (GC.GetAllocatedBytesForCurrentThread() - bytes) / (double)count
                    )
                );
        }

        results.Add((name, Median(times.Select(one => one.Time)), Median(times.Select(one => one.Bytes)), bar));
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }

    // An edit as agents send it: a path, two pieces of code, numbers.
    private static string Arguments()
    {
        var code = string.Join(
            "\n",
            Enumerable.Range(0, 8).Select(i => $"    if (count[{i}] > limit_{i}) return total / {i + 2}; // line {i * 17}")
        );
        return JsonSerializer.Serialize(
            new
            {
                path = "/work/src/module/file.cs",
                command = "str_replace",
                old_str = code,
                new_str = code.Replace("total", "sum", StringComparison.Ordinal),
                line = 120,
                limit = 2.50m,
            }
        );
    }
}
