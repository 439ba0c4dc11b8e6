using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using AgentBudget.Benchmarks.PostgreSql;

namespace AgentBudget.Benchmarks.Cases;

/// <summary>Opening many sessions under one tenant, and its kill switch over all of them.</summary>
/// <param name="sessions">How many sessions.</param>
/// <param name="rounds">How often each is measured; one more warms up.</param>
internal sealed class TenantBenchmark(int sessions, int rounds)
{
    private const int Callers = 200;

    private readonly List<Figure> figures = [];

    public async Task RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("agentbudget-benchmark-");
        try
        {
            await using (var sqlite = await EmbeddedAgentBudget.StartAsync(folder.FullName))
                await MeasureAsync("SQLite, 1 silo", sqlite.Grains, atLeast: 2_000);
            await using (var one = await PostgreSqlCluster.StartAsync(1))
                await MeasureAsync("PostgreSQL, 1 silo", one.Grains, atLeast: 1_000);
            await using var three = await PostgreSqlCluster.StartAsync(3);
            await MeasureAsync("PostgreSQL, 3 silos", three.Grains, atLeast: null);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    public void Write(TextWriter output)
    {
        output.WriteLine($"{sessions:N0} sessions under one tenant; medians of {rounds} rounds, and each of them.");
        output.WriteLine($"{"case", -40} {"seconds", 8} {"processor", 10}  {"rounds", -24} aim");
        foreach (var figure in figures)
        {
            var each = string.Join(' ', figure.Rounds.Select(cost => Text(cost.Seconds)));
            output.WriteLine($"{figure.Name, -40} {Text(figure.Seconds), 8} {Text(figure.ProcessorSeconds), 10}  {each, -24} {figure.Aim}");
        }
    }

    public void WriteJson(string path) =>
        File.WriteAllText(
            path,
            JsonSerializer.Serialize(
                figures.ToDictionary(
                    figure => figure.Name,
                    figure => new
                    {
                        figure.Seconds,
                        figure.ProcessorSeconds,
                        Rounds = figure.Rounds.Select(cost => cost.Seconds),
                    }
                )
            )
        );

    private async Task MeasureAsync(string where, IGrainFactory grains, int? atLeast)
    {
        var names = new[] { "open", "pause, just opened", "resume", "pause", "resume again", "stop" };
        var all = names.ToDictionary(name => name, _ => new List<Cost>());
        for (var round = 0; round <= rounds; round++)
        {
            Console.Error.WriteLine($"round {round} of {rounds}: {where}");
            var path = $"tenant-{round}";
            var tenant = grains.GetGrain<ITenantBudget>(path);
            await tenant.SetAsync(new SetTenantCommand { Settings = new TenantSettings { TotalLimit = Money.Parse("1000000") } });
            var steps = new Func<Task>[]
            {
                () => OpenAsync(grains, path),
                async () => EnsureAll(await tenant.PauseAsync(new PauseCommand())),
                async () => EnsureAll(await tenant.ResumeAsync(new ResumeCommand())),
                async () => EnsureAll(await tenant.PauseAsync(new PauseCommand())),
                async () => EnsureAll(await tenant.ResumeAsync(new ResumeCommand())),
                async () => EnsureAll(await tenant.StopAsync(new StopTenantCommand())),
            };
            foreach (var (name, step) in names.Zip(steps))
            {
                var cost = await CostAsync(step);
                if (round > 0)
                    all[name].Add(cost);
            }

            await QuietAsync(tenant);
        }

        figures.Add(new($"{where}: open", all["open"], atLeast is { } least ? $"<= {Text((double)sessions / least)} s" : ""));
        foreach (var name in names.Skip(1))
            figures.Add(new($"{where}: {name}", all[name], atLeast is null && name is "pause" or "stop" ? "<= 1 s" : ""));
    }

    private async Task OpenAsync(IGrainFactory grains, string path)
    {
        var number = 0;
        await Task.WhenAll(
            Enumerable
                .Range(0, Callers)
                .Select(async _ =>
                {
                    while (Interlocked.Increment(ref number) is var mine && mine <= sessions)
                    {
                        var options = new BudgetSessionOptions { Budget = Money.Parse("5.00") };
                        await OpenAsync(grains.GetGrain<IBudgetSession>($"{path}@{mine}"), new OpenCommand { Options = options });
                    }
                })
        );
    }

    // On a machine that does other things an answer may be late; sent again, it is the same opening.
    private static async Task OpenAsync(IBudgetSession session, OpenCommand command)
    {
        while (true)
        {
            try
            {
                var answer = await session.OpenAsync(command);
                if (!answer.IsGranted)
                    throw new InvalidOperationException($"A session was not opened: {answer.Refusal}");
                return;
            }
            catch (Exception exception) when (exception is TimeoutException or BudgetUnavailableException) { }
        }
    }

    // What those who were stopped have to report is no part of the next round.
    private static async Task QuietAsync(ITenantBudget tenant)
    {
        while (await tenant.ReportAsync() is { Open: > 0 })
            await Task.Delay(100);
    }

    private void EnsureAll(SessionAnswer answer)
    {
        if (answer.ChildrenTold != sessions || answer.ChildrenNotReached != 0)
            Console.Error.WriteLine($"  {answer.ChildrenTold} were told, and {answer.ChildrenNotReached} not.");
    }

    private static async Task<Cost> CostAsync(Func<Task> act)
    {
        var began = Stopwatch.GetTimestamp();
        var processor = Environment.CpuUsage.TotalTime;
        await act();
        return new Cost(Stopwatch.GetElapsedTime(began).TotalSeconds, (Environment.CpuUsage.TotalTime - processor).TotalSeconds);
    }

    private static string Text(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);

    /// <summary>What a step took: on a machine that does other things, the processor's time says more than the clock's.</summary>
    private readonly record struct Cost(double Seconds, double ProcessorSeconds);

    private sealed record Figure(string Name, IReadOnlyList<Cost> Rounds, string Aim)
    {
        public double Seconds => Median(cost => cost.Seconds);

        public double ProcessorSeconds => Median(cost => cost.ProcessorSeconds);

        private double Median(Func<Cost, double> of) => Rounds.Select(of).Order().ElementAt(Rounds.Count / 2);
    }
}
