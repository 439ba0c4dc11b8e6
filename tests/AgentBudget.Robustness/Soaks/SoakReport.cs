using System.Globalization;
using System.Text.Json;

namespace AgentBudget.Robustness.Soaks;

/// <summary>Writes what a soak showed.</summary>
internal static class SoakReport
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>For people.</summary>
    public static void Write(SoakResult result, TextWriter writer)
    {
        var totals = result.Totals;
        var problems = result.Problems;
        writer.WriteLine();
        writer.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"charges       {totals.Sent:N0} sent to {result.Options.Sessions:N0} sessions, {result.RateReached:N0} a second; "
                    + $"{totals.Acknowledged:N0} acknowledged"
            )
        );
        writer.WriteLine(FormattableString.Invariant($"errors        {totals.Errors:N0}; outcome unknown: {totals.Unknown:N0}"));
        writer.WriteLine($"waits         after warm-up: {Waits(result.AfterWarmUp)}");
        writer.WriteLine($"              whole run:     {Waits(WaitHistogram.Of(totals.Waits))}");
        writer.WriteLine($"spend         {result.Spent} in the ledger, {result.Acknowledged} acknowledged");
        for (var i = 0; i < result.Silos.Count; i++)
        {
            writer.WriteLine($"{(i == 0 ? "memory" : ""), -12}  silo {i}: {Memory("alive   ", result.Silos[i].Live)}");
            writer.WriteLine($"                      {Memory("resident", result.Silos[i].Resident)}");
        }

        if (!result.IsMemoryJudged)
            writer.WriteLine(
                FormattableString.Invariant(
                    $"              too short to judge: {SoakResult.LeastMemoryTime.TotalSeconds:0} s after warm-up are needed"
                )
            );
        foreach (var problem in problems)
            writer.WriteLine($"PROBLEM       {problem}");
        if (problems.Count == 0)
            writer.WriteLine("soak held");
    }

    /// <summary>For programs.</summary>
    public static void WriteJson(SoakResult result, string path)
    {
        var whole = WaitHistogram.Of(result.Totals.Waits);
        File.WriteAllText(
            path,
            JsonSerializer.Serialize(
                new
                {
                    seed = result.Options.Seed,
                    duration_seconds = (long)result.Options.Duration.TotalSeconds,
                    warm_up_seconds = (long)result.Options.WarmUp.TotalSeconds,
                    sessions = result.Options.Sessions,
                    rate_asked = result.Options.Rate,
                    rate_reached = Math.Round(result.RateReached, 1),
                    sent = result.Totals.Sent,
                    acknowledged = result.Totals.Acknowledged,
                    errors = result.Totals.Errors,
                    unknown = result.Totals.Unknown,
                    after_warm_up_ms = Milliseconds(result.AfterWarmUp),
                    whole_run_ms = Milliseconds(whole),
                    spent_nano_dollars = result.Spent.NanoDollars,
                    acknowledged_nano_dollars = result.Totals.AcknowledgedNanoDollars,
                    silos = result.Silos.Select(silo => new { resident_bytes = Bytes(silo.Resident), alive_bytes = Bytes(silo.Live) }),
                    held = result.Problems.Count == 0,
                    problems = result.Problems,
                },
                Indented
            )
        );
    }

    /// <summary>Waits in words.</summary>
    public static string Waits(WaitHistogram waits) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"p50 {Milliseconds(waits, 0.5):0.0} ms, p99 {Milliseconds(waits, 0.99):0.0} ms, p999 {Milliseconds(waits, 0.999):0.0} ms, "
                + $"longest {Milliseconds(waits, 1):0.0} ms"
        );

    private static double Milliseconds(WaitHistogram waits, double share) => waits.Percentile(share).TotalMilliseconds;

    private static object Milliseconds(WaitHistogram waits) =>
        new
        {
            p50 = Milliseconds(waits, 0.5),
            p99 = Milliseconds(waits, 0.99),
            p999 = Milliseconds(waits, 0.999),
            longest = Milliseconds(waits, 1),
        };

    private static string Memory(string name, MemoryTrend memory) =>
        $"{name} {SiloMemory.Megabytes(memory.AtStart)} MB after warm-up, {SiloMemory.Megabytes(memory.AtEnd)} MB at the end "
        + $"({Signed(memory.PerMinute)} MB a minute; up to {SiloMemory.Megabytes(memory.Allowed)} MB more are allowed)";

    private static string Signed(double bytes) => FormattableString.Invariant($"{bytes / (1 << 20):+0.0;-0.0;0.0}");

    private static object Bytes(MemoryTrend memory) =>
        new
        {
            after_warm_up = (long)memory.AtStart,
            at_end = (long)memory.AtEnd,
            a_minute = (long)memory.PerMinute,
            peak = memory.Peak,
        };
}
