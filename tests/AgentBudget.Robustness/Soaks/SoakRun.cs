using System.Globalization;
using AgentBudget.Orleans.PostgreSql;
using AgentBudget.Robustness.Histories;
using AgentBudget.Robustness.Processes;
using AgentBudget.Robustness.Roles;
using AgentBudget.Robustness.Workloads;
using Microsoft.Extensions.Options;

namespace AgentBudget.Robustness.Soaks;

/// <summary>A whole soak: database, silos, clients at a fixed rate, memory watched, and the sum at the end.</summary>
internal sealed class SoakRun(SoakOptions options, string folder, Action<string> tell, TimeProvider time) : IAsyncDisposable
{
    private const int ReadsAtOnce = 16;
    private const int LooksBetweenLines = 5;
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan CollectPatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ClientPatience = TimeSpan.FromSeconds(90);

    private readonly Cluster cluster = new(folder, tell, time);
    private SiloMemory[] silos = [];
    private (long At, SoakTotals Totals) line;
    private WaitHistogram warmUp = new();

    /// <summary>Runs it.</summary>
    public async Task<SoakResult> RunAsync()
    {
        var file = await StartAsync();
        await WatchAsync();
        var bad = (await cluster.EndClientsAsync(ClientPatience)).Select(lines => $"a client did not end well: {lines}").ToList();
        var totals = Totals();
        await TakeLiveMemoryAsync(options.Duration);
        await cluster.Silos.EndAllAsync();
        if (cluster.Silos.BadEnd is { } badEnd)
            bad.Add(badEnd);
        if (cluster.Silos.EndedByThemselves > 0)
            bad.Add(FormattableString.Invariant($"{cluster.Silos.EndedByThemselves} silos ended by themselves"));
        tell("reading what the sessions have spent");
        return new SoakResult
        {
            Options = options,
            Totals = totals,
            AfterWarmUp = WaitHistogram.Of(totals.Waits).Since(warmUp),
            Spent = await SpentAsync(file),
            Silos = silos,
            BadEnds = bad,
        };
    }

    public ValueTask DisposeAsync() => cluster.DisposeAsync();

    private async Task<RoleFile> StartAsync()
    {
        var file = await cluster.StartAsync(
            partitions: 1,
            (connectionStrings, ports) =>
                new RoleFile
                {
                    ClusterId = FormattableString.Invariant($"soak-{options.Seed}"),
                    ConnectionStrings = connectionStrings,
                    Silos = ports,
                    Seed = options.Seed,
                    Sessions = options.Sessions,
                    Clients = options.Clients,
                    OperationsPerSecond = options.Rate,
                }
        );
        silos = [.. Enumerable.Range(0, cluster.Silos.Count).Select(_ => new SiloMemory())];
        await cluster.StartClientsAsync("soak-client", options.Clients);
        tell(FormattableString.Invariant($"{options.Sessions:N0} sessions are open; charging them"));
        foreach (var client in cluster.Clients)
            await client.TellAsync(SoakClientRole.Begin);
        return file;
    }

    private async Task WatchAsync()
    {
        var started = time.GetTimestamp();
        line = (started, new SoakTotals());
        var isWarm = false;
        for (var look = 1; time.GetElapsedTime(started) < options.Duration; look++)
        {
            var left = options.Duration - time.GetElapsedTime(started);
            await Task.Delay(left < LookEvery ? left : LookEvery, time, CancellationToken.None);
            var elapsed = time.GetElapsedTime(started);
            if (!isWarm && elapsed >= options.WarmUp)
            {
                isWarm = true;
                await TakeLiveMemoryAsync(elapsed);
                warmUp = WaitHistogram.Of(Totals().Waits);
            }

            if (isWarm)
                TakeResidentMemory(elapsed);
            if (look % LooksBetweenLines == 0)
                TellLine();
        }
    }

    private SoakTotals Totals() =>
        SoakTotals.Sum(
            cluster.Clients.Select(client => client.LastOf(SoakClientRole.Totals)).OfType<string>().Select(HistoryJson.Read<SoakTotals>)
        );

    private long[] Heaps() =>
        [.. cluster.Silos.LastOf(SiloRole.Heap).Select(text => text is null ? 0 : long.Parse(text, CultureInfo.InvariantCulture))];

    private void TakeResidentMemory(TimeSpan elapsed)
    {
        var resident = cluster.Silos.WorkingSets;
        for (var i = 0; i < silos.Length; i++)
            silos[i].Resident.Add(elapsed, resident[i]);
    }

    private async Task TakeLiveMemoryAsync(TimeSpan elapsed)
    {
        var live = await cluster.Silos.AskAllAsync(SiloRole.Collect, SiloRole.Live, CollectPatience);
        for (var i = 0; i < silos.Length; i++)
            silos[i].Live.Add(elapsed, long.Parse(live[i], CultureInfo.InvariantCulture));
    }

    private void TellLine()
    {
        var (now, totals) = (time.GetTimestamp(), Totals());
        var acknowledged = totals.Acknowledged - line.Totals.Acknowledged;
        var waits = WaitHistogram.Of(totals.Waits).Since(WaitHistogram.Of(line.Totals.Waits));
        var seconds = time.GetElapsedTime(line.At, now).TotalSeconds;
        tell(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{acknowledged / seconds, 6:N0}/s  errors {totals.Errors}  p50 {waits.Percentile(0.5).TotalMilliseconds:0.0} ms  p99 "
                    + $"{waits.Percentile(0.99).TotalMilliseconds:0.0} ms  silos {Words(cluster.Silos.WorkingSets)} MB, managed "
                    + $"{Words(Heaps())} MB"
            )
        );
        line = (now, totals);
    }

    private static string Words(IEnumerable<long> bytes) =>
        string.Join(" ", bytes.Select(value => FormattableString.Invariant($"{value >> 20}")));

    private async Task<Money> SpentAsync(RoleFile file)
    {
        using var store = new PostgreSqlLedgerStore(
            Options.Create(new PostgreSqlLedgerOptions { ConnectionStrings = file.ConnectionStrings })
        );
        await store.StartAsync(CancellationToken.None);
        var spent = Money.Zero;
        foreach (var some in Enumerable.Range(0, options.Sessions).Select(WorkloadSettings.SessionId).Chunk(ReadsAtOnce))
        {
            var found = await Task.WhenAll(some.Select(id => store.LoadAsync(id, CancellationToken.None).AsTask()));
            spent = found.Aggregate(spent, (sum, stored) => sum + (stored?.Head.Spent ?? Money.Zero));
        }

        return spent;
    }
}
