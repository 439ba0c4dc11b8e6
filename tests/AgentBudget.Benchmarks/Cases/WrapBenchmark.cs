using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace AgentBudget.Benchmarks.Cases;

/// <summary>
/// What the client adds to a call, in one process on a ledger in memory, one call after the other: the two grain calls that reserve and
/// settle, and in turn with them the client's ways to make the same two, as ratios of the same run. The wrapped call itself does nothing.
/// </summary>
internal sealed class WrapBenchmark(int rounds, int calls)
{
    private const string Baseline = "reserve and settle on the grain";

    private readonly List<(string Name, double Microseconds, double Bytes, double Ratio, string Bar)> results = [];

    public async Task RunAsync()
    {
        await using var budget = await EmbeddedAgentBudget.StartAsync(options => options.Path = null);
        await using var session = await budget.OpenAsync(
            new BudgetSessionOptions { Budget = Money.Parse("1000000"), Loops = LoopPolicy.Off }
        );
        var cases = new (string Name, Func<Task> Make, string Bar)[]
        {
            (Baseline, () => ByGrainAsync(session.Grain), ""),
            ("WrapAsync, a known sum", () => WrapSumAsync(session), "<= 1.6, 7 KB"),
            ("WrapAsync, priced by the book", () => WrapTokensAsync(session), "<= 1.6, 7 KB"),
            ("ReserveAsync and SettleAsync of the handle", () => ByHandleAsync(session), "<= 1.6, 7 KB"),
        };
        var measured = cases.Select(_ => new List<(double Time, double Bytes)>()).ToArray();
        for (var round = 0; round <= rounds; round++)
        {
            for (var i = 0; i < cases.Length; i++)
            {
                var one = await MeasureAsync(cases[i].Make);
                if (round > 0)
                    measured[i].Add(one);
            }
        }

        var baseline = Median(measured[0].Select(one => one.Time));
        for (var i = 0; i < cases.Length; i++)
        {
            var ratio = Median(measured[i].Zip(measured[0], (mine, its) => mine.Time / its.Time));
            results.Add(
                (
                    cases[i].Name,
                    Median(measured[i].Select(one => one.Time)),
                    Median(measured[i].Select(one => one.Bytes)),
                    i == 0 ? baseline / baseline : ratio,
                    cases[i].Bar
                )
            );
        }
    }

    public void Write(TextWriter output)
    {
        output.WriteLine($"{"case", -46} {"us/call", 9} {"bytes", 8} {"ratio", 6}   bar");
        foreach (var (name, microseconds, bytes, ratio, bar) in results)
            output.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"{name, -46} {microseconds, 9:0.0} {bytes, 8:0} {ratio, 6:0.00}   {bar}")
            );
    }

    public void WriteJson(string path)
    {
        using var stream = File.Create(path);
        using var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        writer.WriteStartArray();
        foreach (var (name, microseconds, bytes, ratio, _) in results)
        {
            writer.WriteStartObject();
            writer.WriteString("case", name);
            writer.WriteNumber("microseconds_per_call", Math.Round(microseconds, 1));
            writer.WriteNumber("bytes_per_call", Math.Round(bytes));
            writer.WriteNumber("ratio", Math.Round(ratio, 2));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private async Task<(double Time, double Bytes)> MeasureAsync(Func<Task> make)
    {
        var (bytes, began) = (GC.GetTotalAllocatedBytes(precise: true), Stopwatch.GetTimestamp());
        for (var i = 0; i < calls; i++)
            await make();
        var time = Stopwatch.GetElapsedTime(began).TotalMicroseconds;
        return (time / calls, (GC.GetTotalAllocatedBytes(precise: true) - bytes) / (double)calls);
    }

    public static async Task ByGrainAsync(IBudgetSession session)
    {
        var reserved = await session.ReserveAsync(
            new ReserveCommand
            {
                Amount = Money.FromNanoDollars(20_000),
                Call = Call.Model("gpt-5"),
                Key = Guid.CreateVersion7().ToString("N"),
                IsKeyFresh = true,
            }
        );
        var settled = await session.SettleAsync(
            new SettleCommand
            {
                ReservationId = reserved.ReservationId,
                Cost = Money.FromNanoDollars(10_000),
                Call = Call.Model("gpt-5") with { Usage = new TokenUsage(4, 1) },
                Key = Guid.CreateVersion7().ToString("N"),
                IsKeyFresh = true,
            }
        );
        if (!reserved.IsGranted || !settled.IsGranted)
            throw new InvalidOperationException("Refused.");
    }

    private static Task<string> WrapSumAsync(BudgetSession session) =>
        session.WrapAsync(
            CallEstimate.Model("gpt-5", Money.FromNanoDollars(20_000)),
            static _ => Task.FromResult("answer"),
            static _ => ActualCost.Of(Money.FromNanoDollars(10_000), new TokenUsage(4, 1))
        );

    private static Task<string> WrapTokensAsync(BudgetSession session) =>
        session.WrapAsync(
            CallEstimate.Model("gpt-5", 8, 1),
            static _ => Task.FromResult("answer"),
            static _ => ActualCost.Of(new TokenUsage(4, 1))
        );

    private static async Task ByHandleAsync(BudgetSession session)
    {
        await using var call = await session.ReserveAsync(CallEstimate.Model("gpt-5", 8, 1));
        await call.SettleAsync(new TokenUsage(4, 1));
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }
}
