using System.Globalization;
using AgentBudget.Orleans.Feed;
using AgentBudget.Orleans.PostgreSql;
using AgentBudget.Orleans.Storage;
using AgentBudget.Robustness.Checking;
using AgentBudget.Robustness.Faults;
using AgentBudget.Robustness.Histories;
using AgentBudget.Robustness.Processes;
using AgentBudget.Robustness.Roles;
using AgentBudget.Robustness.Workloads;
using Microsoft.Extensions.Options;

namespace AgentBudget.Robustness.Runs;

/// <summary>A whole run: database, silos, clients, faults, and the check at the end.</summary>
internal sealed class Coordinator(RunOptions options, string folder, Action<string> tell, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan ProgressEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ClientPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan UntilAllIsTold = TimeSpan.FromSeconds(60);

    private readonly Cluster cluster = new(folder, tell, time);
    private readonly List<Violation> violations = [];
    private IReadOnlyList<HoldSeen> holds = [];
    private IReadOnlyList<TenantSpend> spends = [];
    private FeedFollower? follower;

    private IEnumerable<string> ClientHistories =>
        Enumerable.Range(0, options.Clients).Select(index => ClientRole.HistoryPath(folder, index));

    private long ChargesMade =>
        cluster.Clients.Sum(client => client.LastOf(ClientRole.Charged) is { } said ? long.Parse(said, CultureInfo.InvariantCulture) : 0L);

    private string ProbeHistory => Path.Combine(folder, "history-probe.jsonl");

    /// <summary>Runs it.</summary>
    public async Task<RunResult> RunAsync()
    {
        var file = await StartAsync();
        IReadOnlyList<Fault> faults;
        using (var history = HistoryWriter.To(ProbeHistory))
        {
            await using var client = await LedgerClient.StartAsync(file);
            var probe = new Probe(
                new Caller(client.Grains, history, "probe", ClientPatience, time),
                ParentIds(),
                new ChildrenSeen([.. ClientHistories]),
                tell,
                time
            );
            var tenants = new TenantFaults(
                new Caller(client.Grains, history, "tenants", ClientPatience, time),
                cluster.Silos,
                options.TenantSessions,
                time
            );
            tenants.Begin();
            follower = new FeedFollower(client.Grains, options.Seed, time);
            follower.Begin();
            var nemesis = new Nemesis(cluster.Silos, cluster.Servers, tenants, probe.UntilAllAnswerAsync, tell, options.Seed, time);
            using var progress = new Timer(_ => Progress(nemesis), null, ProgressEvery, ProgressEvery);
            var charges = new ChargesAwaited(options.Charges, () => ChargesMade, time);
            await nemesis.RunAsync(options.Faults, time.GetUtcNow() + options.Duration, () => charges.IsOver);
            if (charges.Missing is { } missing)
                violations.Add(missing);
            foreach (var lines in await cluster.EndClientsAsync(ClientPatience))
                violations.Add(new Violation("L12", "a client", $"it did not end well:{Environment.NewLine}{lines}"));
            faults = nemesis.Faults;
            await tenants.EndAsync();
            await ProveLivenessAsync(probe, faults);
            await ComeToRestAsync(file);
            violations.AddRange(tenants.Violations);
            holds = tenants.Holds;
            spends = await SpendsAsync(client.Grains);
            await follower.EndAsync();
        }

        await cluster.Silos.EndAllAsync();
        await ReadTheRestAsync(follower, file);
        if (follower.Problem is { } problem)
            violations.Add(new Violation("L7", "the feed", problem));
        if (cluster.Silos.BadEnd is { } bad)
            violations.Add(new Violation("L12", "the cluster", bad));
        tell("reading the ledger, and checking");
        var record = await ReadAsync(file);
        violations.AddRange(HistoryChecker.Check(record));
        return new RunResult
        {
            Options = options,
            Record = record,
            Faults = faults,
            Violations = violations,
            SilosEndedByThemselves = cluster.Silos.EndedByThemselves,
        };
    }

    public ValueTask DisposeAsync()
    {
        follower?.Dispose();
        return cluster.DisposeAsync();
    }

    private async Task<RoleFile> StartAsync()
    {
        // Two, so that parents and children stand in different databases.
        var file = await cluster.StartAsync(
            partitions: 2,
            (connectionStrings, silos) =>
                new RoleFile
                {
                    ClusterId = FormattableString.Invariant($"robustness-{options.Seed}"),
                    ConnectionStrings = connectionStrings,
                    Silos = silos,
                    Seed = options.Seed,
                    Sessions = options.Sessions,
                    Children = options.Children,
                    TenantSessions = options.TenantSessions,
                    Charges = options.Charges,
                    // So that every fault meets some of them, and the last ones do not hold the run up.
                    ChargesWithinSeconds = (int)(options.Duration.TotalSeconds * 3 / 4),
                    Clients = options.Clients,
                    OperationsPerSecond = options.Rate,
                    Plant = options.Plant,
                }
        );
        await cluster.StartClientsAsync("client", options.Clients);
        tell($"{options.Clients} clients work on {options.Sessions} sessions");
        return file;
    }

    // L12: after the last fault every session succeeds, and after each fault it did within the stated time.
    private async Task ProveLivenessAsync(Probe probe, IReadOnlyList<Fault> faults)
    {
        var took = await probe.UntilAllAnswerAsync(time.GetUtcNow());
        tell(FormattableString.Invariant($"at the end every session takes a charge, within {took.TotalSeconds:0.0} s"));
        if (probe.Unanswered is { } unanswered)
            violations.Add(new Violation("L12", unanswered, "it does not answer any more"));
        foreach (var slow in faults.Where(fault => fault.Recovery > options.HealWithin))
            violations.Add(
                new Violation(
                    "L12",
                    "the cluster",
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{slow.Kind} at {slow.At:HH:mm:ss}: it took {slow.Recovery.TotalSeconds:0.0} s until every session answered; "
                            + $"{options.HealWithin.TotalSeconds:0} s are stated"
                    )
                )
            );
    }

    // The sessions that are charged to see whether they live.
    private string[] ParentIds() =>
        [
            .. Enumerable.Range(0, options.Sessions).Select(WorkloadSettings.SessionId),
            .. options.Children > 0 ? [LargeFamily.ParentId] : Array.Empty<string>(),
            .. options.Charges > 0 ? ChargeWork.Ids : [],
            .. TenantNames.Roots.SelectMany(root => TenantNames.SessionsOf(root, options.TenantSessions)),
        ];

    private IEnumerable<string> TenantIds() =>
        options.TenantSessions == 0 ? [] : TenantNames.Roots.SelectMany(TenantNames.PathsOf).Select(LedgerIds.OfOtherKind);

    private async Task<IReadOnlyList<TenantSpend>> SpendsAsync(IGrainFactory grains)
    {
        var told = TenantIds().Select(id => grains.GetGrain<ITenantBudget>(id[1..]).SpendAsync(new TenantSpendQuery { Names = 1_000 }));
        return [.. (await Task.WhenAll(told)).OfType<TenantSpend>()];
    }

    // Those of Orleans name the grains that its own troubles are about.
    private IReadOnlyList<string> OurLines() =>
        [
            .. Directory
                .EnumerateFiles(folder, "*.log")
                .SelectMany(ReadLines)
                .Where(line =>
                    line.Contains(": AgentBudget.", StringComparison.Ordinal) || line.Contains(MeasuredTags.Word, StringComparison.Ordinal)
                ),
        ];

    private static IEnumerable<string> ReadLines(string path)
    {
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        while (reader.ReadLine() is { } line)
            yield return line;
    }

    // All that was spent is told within some seconds once a session has been looked at.
    private async Task ComeToRestAsync(RoleFile file)
    {
        using var store = StoreOf(file);
        await store.StartAsync(CancellationToken.None);
        var began = time.GetTimestamp();
        var ids = ParentIds().Concat(TenantIds()).Concat(new ChildrenSeen([.. ClientHistories]).Read()).ToArray();
        var restless = await Rest.WaitAsync(store, ids, UntilAllIsTold, time);
        var what = restless is null ? "nothing is under way between sessions" : $"{restless} is not at rest";
        tell(FormattableString.Invariant($"{what}, {time.GetElapsedTime(began).TotalSeconds:0.0} s later"));
    }

    private async Task ReadTheRestAsync(FeedFollower following, RoleFile file)
    {
        using var store = StoreOf(file);
        await store.StartAsync(CancellationToken.None);
        var clock = new LedgerClock(time);
        await following.ReadTheRestAsync(new EventReader(store, new EventOrigins(store, clock), clock));
    }

    private static PostgreSqlLedgerStore StoreOf(RoleFile file) =>
        new(Options.Create(new PostgreSqlLedgerOptions { ConnectionStrings = file.ConnectionStrings }));

    private async Task<RunRecord> ReadAsync(RoleFile file)
    {
        Operation[] operations = [.. ClientHistories.Append(ProbeHistory).SelectMany(HistoryReader.ReadFile)];
        var ids = operations
            .Select(operation => operation.Invocation.Session)
            .Concat(
                operations.Select(operation => operation.Invocation.Command).OfType<OpenCarvedChildCommand>().Select(open => open.Child)
            )
            .Concat(TenantIds());
        using var store = StoreOf(file);
        await store.StartAsync(CancellationToken.None);
        var readAt = time.GetUtcNow();
        return new RunRecord
        {
            Operations = operations,
            Sessions = await FinalSession.ReadAllAsync(store, ids, CancellationToken.None),
            ReadAt = readAt,
            IsAtRest = true,
            Spends = spends,
            Holds = holds,
            Events = follower?.Seen,
            RepeatedEvents = follower?.Repeats ?? 0,
            Lines = OurLines(),
        };
    }

    private void Progress(Nemesis nemesis)
    {
        var sums = new long[4];
        foreach (var counted in cluster.Clients.Select(client => client.LastOf(ClientRole.Counted)).OfType<string>())
        {
            var parts = counted.Split(' ');
            for (var i = 0; i < sums.Length; i++)
                sums[i] += long.Parse(parts[i], CultureInfo.InvariantCulture);
        }

        var charges =
            options.Charges > 0 ? string.Create(CultureInfo.InvariantCulture, $"; {ChargesMade:N0} of {options.Charges:N0} charges") : "";
        tell(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{sums.Sum():N0} operations: {sums[0]:N0} acknowledged, {sums[1]:N0} refused, {sums[2]:N0} unknown, {sums[3]:N0} "
                    + $"failed; {nemesis.Faults.Count} faults{charges}"
            )
        );
    }
}
