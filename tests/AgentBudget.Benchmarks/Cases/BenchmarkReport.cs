using System.Globalization;
using System.Text.Json;
using AgentBudget.Benchmarks.Load;

namespace AgentBudget.Benchmarks.Cases;

/// <summary>Figures of one run, and the ratios that count: absolute figures belong to the machine.</summary>
internal sealed record BenchmarkReport(
    IReadOnlyDictionary<(string Name, int Callers), LoadResult> Results,
    LengthCost? Length,
    double? BytesPerIdleSession
)
{
    /// <summary>Of a run whose rounds were told one by one.</summary>
    public static readonly BenchmarkReport None = new(new Dictionary<(string Name, int Callers), LoadResult>(), null, null);

    private IEnumerable<(string Name, double? Value, string Bar)> AllRatios =>
        [
            (
                "charge in memory / ping, 100 callers",
                Rate(CaseNames.MemoryCharge, 100) / Rate(CaseNames.Ping, 100),
                ">= 0.45, stretch 0.70"
            ),
            ("charge in memory / ping, 1,000 callers", Rate(CaseNames.MemoryCharge, 1_000) / Rate(CaseNames.Ping, 1_000), ""),
            (
                "charge SQLite / raw file, 1,000 callers",
                Rate(CaseNames.SqliteCharge, 1_000) / Rate(CaseNames.RawFile, 1_000),
                ">= 0.15, stretch 0.60"
            ),
            ("charge SQLite / raw file behind grains, 1,000", Rate(CaseNames.SqliteCharge, 1_000) / Rate(CaseNames.RawGrain, 1_000), ""),
            ("charge SQLite / raw file, 100 callers", Rate(CaseNames.SqliteCharge, 100) / Rate(CaseNames.RawFile, 100), ""),
            ("hot session, 100 callers / one at a time", Rate(CaseNames.Hot, 100) / Rate(CaseNames.HotSerial, 1), ">= 10"),
            (
                "PostgreSQL / one statement, 1,000 callers",
                Of(CaseNames.PostgreSqlCharge, CaseNames.OneStatement, 1_000),
                ">= 4, stretch 10"
            ),
            ("PostgreSQL / stock grain, 1,000 callers", Of(CaseNames.PostgreSqlCharge, CaseNames.StockGrain, 1_000), ">= 7, stretch 20"),
            ("PostgreSQL / one statement, 100 callers", Of(CaseNames.PostgreSqlCharge, CaseNames.OneStatement, 100), ">= 2.5, stretch 5"),
            ("PostgreSQL hot session / row lock, 100 callers", Of(CaseNames.PostgreSqlHot, CaseNames.RowLock, 100), ">= 10, stretch 25"),
            (
                "PostgreSQL p99 / one statement's, 1,000 callers",
                Wait(CaseNames.PostgreSqlCharge, 1_000) / Wait(CaseNames.OneStatement, 1_000),
                "<= 0.8, stretch 0.25"
            ),
            ("charge 100,001 / charge 101, processor time", Length?.Ratio, "<= 1.1"),
            ("bytes per idle session", BytesPerIdleSession, "<= 4,096, stretch 3,072"),
        ];

    private IEnumerable<(string Name, double Value, string Bar)> Ratios =>
        AllRatios.Where(ratio => ratio.Value is not null).Select(ratio => (ratio.Name, ratio.Value!.Value, ratio.Bar));

    public void Write(TextWriter output)
    {
        output.WriteLine($"{"case", -32} {"callers", 8} {"calls/s", 12} {"p50 ms", 9} {"p99 ms", 9} {"cpu µs", 9} {"bytes", 9}");
        foreach (
            var ((name, callers), result) in Results.OrderBy(pair => pair.Key.Name, StringComparer.Ordinal).ThenBy(pair => pair.Key.Callers)
        )
        {
            output.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{name, -32} {callers, 8:n0} {result.CallsPerSecond, 12:n0} {result.P50Milliseconds, 9:0.000} "
                        + $"{result.P99Milliseconds, 9:0.000} {result.ProcessorMicroseconds, 9:0.00} {result.AllocatedBytes, 9:n0}"
                )
            );
        }

        output.WriteLine();
        foreach (var (name, value, bar) in Ratios)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name, -48} {value, 10:n3}   {bar}"));
    }

    public void WriteJson(string path)
    {
        using var stream = File.Create(path);
        using var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        writer.WriteStartObject();
        writer.WriteStartArray("cases");
        foreach (var ((name, callers), result) in Results)
        {
            writer.WriteStartObject();
            writer.WriteString("case", name);
            writer.WriteNumber("callers", callers);
            writer.WriteNumber("calls_per_second", Math.Round(result.CallsPerSecond));
            writer.WriteNumber("p50_milliseconds", Math.Round(result.P50Milliseconds, 3));
            writer.WriteNumber("p99_milliseconds", Math.Round(result.P99Milliseconds, 3));
            writer.WriteNumber("processor_microseconds_per_call", Math.Round(result.ProcessorMicroseconds, 2));
            writer.WriteNumber("allocated_bytes_per_call", Math.Round(result.AllocatedBytes));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartObject("ratios");
        foreach (var (name, value, _) in Ratios)
            writer.WriteNumber(name, Math.Round(value, 3));
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private double? Of(string name, string other, int callers) => Rate(name, callers) / Rate(other, callers);

    private double? Wait(string name, int callers) => Results.TryGetValue((name, callers), out var result) ? result.P99Milliseconds : null;

    private double? Rate(string name, int callers) => Results.TryGetValue((name, callers), out var result) ? result.CallsPerSecond : null;
}
