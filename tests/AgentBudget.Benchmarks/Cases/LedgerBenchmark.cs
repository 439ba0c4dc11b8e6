using AgentBudget.Benchmarks.Grains;
using AgentBudget.Benchmarks.Load;
using AgentBudget.Benchmarks.PostgreSql;

namespace AgentBudget.Benchmarks.Cases;

/// <summary>All cases in one run, round by round in turn, so that a noisy moment of the machine touches all of them.</summary>
/// <param name="rounds">Rounds that count; one more warms up.</param>
/// <param name="roundDuration">How long each case runs in a round.</param>
/// <param name="only">Only cases whose name and callers, as "name @callers", hold this text; null for all.</param>
/// <param name="turns">Who gives the turn to each round; null for one after the other.</param>
internal sealed class LedgerBenchmark(int rounds, TimeSpan roundDuration, string? only, Turns? turns = null)
{
    private static readonly int[] Callers = [1, 100, 1_000];

    public async Task<BenchmarkReport> RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("agentbudget-benchmark-");
        try
        {
            await using var memory = await EmbeddedAgentBudget.StartAsync(options => options.Path = null);
            await using var sqlite = await EmbeddedAgentBudget.StartAsync(folder.FullName);
            await using var rawFile = new RawFile(Path.Combine(folder.FullName, "raw"));
            await using var postgreSql = Wants(CaseNames.PostgreSql) ? await PostgreSqlCases.StartAsync() : null;
            var cases = await PrepareAsync(memory, sqlite, rawFile);
            cases.AddRange(postgreSql?.All.Where(one => Wants($"{one.Name} @{one.Callers}")) ?? []);
            var results = await RunRoundsAsync(cases);
            if (turns is not null)
            {
                // Ends when it is told to, and not beside a round of the other build.
                await turns.NextAsync();
                return BenchmarkReport.None;
            }

            if (postgreSql is not null)
                results[(CaseNames.OpenLoop, PostgreSqlCases.OpenLoopRate)] = [await postgreSql.OpenLoopAsync()];
            var cost = Wants(CaseNames.Length) ? await LengthBenchmark.RunAsync(sqlite, rounds) : null;
            var bytes = Wants(CaseNames.Memory) ? await MemoryBenchmark.RunAsync() : (double?)null;
            return new BenchmarkReport(results.ToDictionary(pair => pair.Key, pair => LoadResult.MedianOf(pair.Value)), cost, bytes);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private async Task<List<BenchmarkCase>> PrepareAsync(EmbeddedAgentBudget memory, EmbeddedAgentBudget sqlite, RawFile rawFile)
    {
        var pings = Enumerable.Range(0, SessionCalls.Sessions).Select(i => memory.Grains.GetGrain<IPing>($"ping-{i}")).ToArray();
        var inMemory = await SessionCalls.OpenAsync(memory.Grains);
        var durable = await SessionCalls.OpenAsync(sqlite.Grains);
        var hot = await SessionCalls.OpenAsync(sqlite.Grains, count: 1, prefix: "hot");
        RawAppendGrain.File = rawFile;
        var appenders = Enumerable.Range(0, SessionCalls.Sessions).Select(i => memory.Grains.GetGrain<IRawAppend>($"raw-{i}")).ToArray();
        var cases = new List<BenchmarkCase>();
        foreach (var callers in Callers)
        {
            cases.Add(new(CaseNames.Ping, callers, (caller, number) => pings[(caller + (number * 7)) % pings.Length].PingAsync(number)));
            cases.Add(new(CaseNames.MemoryCharge, callers, inMemory.ChargeAsync));
            cases.Add(new(CaseNames.SqliteCharge, callers, durable.ChargeAsync));
            cases.Add(new(CaseNames.SqliteReserveSettle, callers, durable.ReserveAndSettleAsync));
            cases.Add(new(CaseNames.RawFile, callers, (_, _) => rawFile.AppendAsync()));
            cases.Add(
                new(
                    CaseNames.RawGrain,
                    callers,
                    (caller, number) => appenders[(caller + (number * 7)) % appenders.Length].AppendAsync(number)
                )
            );
        }

        cases.Add(new(CaseNames.Hot, 100, hot.ChargeAsync));
        // One caller who waits for each answer is what a grain that answers one charge at a time gives to all of its callers together.
        cases.Add(new(CaseNames.HotSerial, 1, hot.ChargeAsync));
        return cases.FindAll(one => Wants($"{one.Name} @{one.Callers}"));
    }

    private bool Wants(string name) =>
        only is null
        || name.Contains(only, StringComparison.OrdinalIgnoreCase)
        || only.StartsWith(name, StringComparison.OrdinalIgnoreCase);

    private async Task<Dictionary<(string, int), List<LoadResult>>> RunRoundsAsync(List<BenchmarkCase> cases)
    {
        var results = cases.ToDictionary(one => (one.Name, one.Callers), _ => new List<LoadResult>());
        // The first round warms up: code is compiled, sessions are loaded, files have grown.
        for (var round = 0; round <= rounds; round++)
        {
            foreach (var one in cases)
            {
                if (turns is null)
                    Console.Error.WriteLine($"round {round} of {rounds}: {one.Name}, {one.Callers} callers");
                else if (!await turns.NextAsync())
                    return results;
                var result = await ClosedLoop.RunAsync(one.Callers, roundDuration, one.Call);
                if (round > 0)
                    results[(one.Name, one.Callers)].Add(result);
                if (turns is not null)
                    await turns.TellAsync(new Round(round, one.Name, one.Callers, result));
            }
        }

        return results;
    }
}

/// <summary>One case.</summary>
internal sealed record BenchmarkCase(string Name, int Callers, Func<int, long, Task> Call);

/// <summary>The names of the cases.</summary>
internal static class CaseNames
{
    public const string Ping = "grain ping";
    public const string MemoryCharge = "charge, in memory";
    public const string SqliteCharge = "charge, SQLite";
    public const string SqliteReserveSettle = "reserve + settle, SQLite";
    public const string RawFile = "raw file, fdatasync";
    public const string RawGrain = "raw file behind grains";
    public const string PostgreSql = "PostgreSQL";
    public const string PostgreSqlCharge = "PostgreSQL, charge";
    public const string PostgreSqlReserveSettle = "PostgreSQL, reserve + settle";
    public const string PostgreSqlHot = "PostgreSQL, one hot session";
    public const string OneStatement = "PostgreSQL, one statement each";
    public const string RowLock = "PostgreSQL, hot row lock";
    public const string StockGrain = "PostgreSQL, stock grain";
    public const string OpenLoop = "PostgreSQL, open loop, calls/s";
    public const string Hot = "one hot session, SQLite";
    public const string Length = "length of a session";
    public const string Memory = "idle memory";
    public const string HotSerial = "the same, one at a time";
}
