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
        output.WriteLine($"{"case", -44} {"median", 10} {"all rounds", -40} aim");
        foreach (var figure in figures)
            output.WriteLine($"{figure.Name, -44} {Text(figure.Median), 10} {string.Join(' ', figure.Rounds.Select(Text)), -40} {figure.Aim}");
    }

    public void WriteJson(string path) =>
        File.WriteAllText(path, JsonSerializer.Serialize(figures.ToDictionary(figure => figure.Name, figure => figure.Rounds)));

    private async Task MeasureAsync(string where, IGrainFactory grains, int? atLeast)
    {
        var (opening, pausing, resuming, stopping) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round <= rounds; round++)
        {
            Console.Error.WriteLine($"round {round} of {rounds}: {where}");
            var path = $"tenant-{round}";
            var tenant = grains.GetGrain<ITenantBudget>(path);
            await tenant.SetAsync(new SetTenantCommand { Settings = new TenantSettings { TotalLimit = Money.Parse("1000000") } });
            var opened = sessions / await SecondsAsync(() => OpenAsync(grains, path));
            var paused = await SecondsAsync(async () => EnsureAll(await tenant.PauseAsync(new PauseCommand())));
            var resumed = await SecondsAsync(async () => EnsureAll(await tenant.ResumeAsync(new ResumeCommand())));
            var stopped = await SecondsAsync(async () => EnsureAll(await tenant.StopAsync(new StopTenantCommand())));
            await QuietAsync(tenant);
            if (round == 0)
                continue;
            opening.Add(opened);
            pausing.Add(paused);
            resuming.Add(resumed);
            stopping.Add(stopped);
        }

        figures.Add(new($"{where}: sessions opened a second", opening, atLeast is { } least ? $">= {least:N0}" : ""));
        figures.Add(new($"{where}: pause answered, s", pausing, atLeast is null ? "<= 1" : ""));
        figures.Add(new($"{where}: resume answered, s", resuming, ""));
        figures.Add(new($"{where}: stop answered, s", stopping, atLeast is null ? "<= 1" : ""));
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

    private static async Task<double> SecondsAsync(Func<Task> act)
    {
        var began = Stopwatch.GetTimestamp();
        var processor = Environment.CpuUsage.TotalTime;
        await act();
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        Console.Error.WriteLine($"  {Text(seconds)} s, {Text((Environment.CpuUsage.TotalTime - processor).TotalSeconds)} s of the processor");
        return seconds;
    }

    private static string Text(double value) => value.ToString(value >= 100 ? "N0" : "0.000", CultureInfo.InvariantCulture);

    private sealed record Figure(string Name, IReadOnlyList<double> Rounds, string Aim)
    {
        public double Median => Rounds.Order().ElementAt(Rounds.Count / 2);
    }
}
