using System.Diagnostics;
using AgentBudget.Benchmarks.Load;
using AgentBudget.Benchmarks.PostgreSql;
using Microsoft.Extensions.DependencyInjection;

namespace AgentBudget.Benchmarks.Cases;

/// <summary>What a tenant costs those who spend: a hot one against many, a long history, waiting for money, shares, asking ahead.</summary>
/// <param name="output">Where figures go.</param>
/// <param name="rounds">How often what is compared is measured.</param>
/// <param name="closed">How many sessions that have ended the tenant with a history has.</param>
internal sealed class TenantFigures(TextWriter output, int rounds, int closed)
{
    private const int Sessions = 1_000;
    private const int Callers = 100;
    private const int Waits = 500;

    private static readonly TimeSpan Round = TimeSpan.FromSeconds(3);

    private readonly AskCounter asks = new();

    /// <summary>Measures all, or one of <c>hot</c>, <c>steady</c>, <c>wait</c>, <c>shares</c> and <c>closed</c>.</summary>
    public async Task RunAsync(string? only)
    {
        await InAsync(only, "hot", HotAsync);
        await InAsync(only, "steady", SteadyAsync);
        await InAsync(only, "wait", grains => WaitAsync(grains, "SQLite"));
        await InAsync(only, "shares", SharesAsync);
        if (only is null or "wait")
        {
            await using var cluster = await PostgreSqlCluster.StartAsync(1);
            await WaitAsync(cluster.Grains, "PostgreSQL");
        }

        if (only is null or "closed")
            await ClosedAsync();
    }

    private async Task InAsync(string? only, string name, Func<IGrainFactory, Task> measure)
    {
        if (only is not null && only != name)
            return;
        Console.Error.WriteLine(name);
        var folder = Directory.CreateTempSubdirectory("agentbudget-benchmark-");
        try
        {
            await using var sqlite = await StartAsync(folder.FullName);
            await measure(sqlite.Grains);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private Task<EmbeddedAgentBudget> StartAsync(string folder) =>
        EmbeddedAgentBudget.StartAsync(options =>
        {
            options.Path = folder;
            options.ConfigureSilo = silo => silo.Services.AddSingleton<IIncomingGrainCallFilter>(asks);
        });

    // Alternating, and each with its own sessions: what the machine does beside it falls on both.
    private async Task HotAsync(IGrainFactory grains)
    {
        await SetAsync(grains, "hot");
        var hot = await SessionCalls.OpenAsync(grains, Enumerable.Range(0, Sessions).Select(i => $"hot@{i}"));
        for (var i = 0; i < Sessions; i++)
            await SetAsync(grains, $"cold-{i}");
        var cold = await SessionCalls.OpenAsync(grains, Enumerable.Range(0, Sessions).Select(i => $"cold-{i}@1"));
        foreach (
            var (name, ofHot, ofCold) in new[]
            {
                ("charge", (Func<int, long, Task>)hot.ChargeAsync, (Func<int, long, Task>)cold.ChargeAsync),
                ("reserve and settle", hot.ReserveAndSettleAsync, cold.ReserveAndSettleAsync),
            }
        )
        {
            var (hots, colds) = (new List<LoadResult>(), new List<LoadResult>());
            for (var round = 0; round <= rounds; round++)
            {
                var (one, many) = (await ClosedLoop.RunAsync(Callers, Round, ofHot), await ClosedLoop.RunAsync(Callers, Round, ofCold));
                if (round == 0)
                    continue;
                hots.Add(one);
                colds.Add(many);
            }

            var (hotMedian, coldMedian) = (LoadResult.MedianOf(hots), LoadResult.MedianOf(colds));
            var each = hots.Zip(colds).Select(pair => $"{pair.First.CallsPerSecond / pair.Second.CallsPerSecond:0.00}");
            output.WriteLine(
                $"hot, {name}: one tenant with {Sessions:N0} sessions {hotMedian.CallsPerSecond:N0} calls/s, "
                    + $"{Sessions:N0} tenants with one each {coldMedian.CallsPerSecond:N0}: "
                    + $"ratio {hotMedian.CallsPerSecond / coldMedian.CallsPerSecond:0.000} (rounds {string.Join(' ', each)}; bar 0.9); "
                    + $"processor {hotMedian.ProcessorMicroseconds:0.0} and {coldMedian.ProcessorMicroseconds:0.0} us a call"
            );
        }
    }

    // With a budget for as many calls, and for ten times as many.
    private async Task SteadyAsync(IGrainFactory grains)
    {
        const int count = 10;
        const int calls = 1_000;
        await SetAsync(grains, "steady");
        foreach (var budget in new[] { calls, 10 * calls })
        {
            var sessions = await SessionCalls.OpenAsync(grains, Enumerable.Range(0, count).Select(i => $"steady@{budget}-{i}"), budget);
            asks.Clear();
            // Caller and number name the session: each makes its calls one after the other.
            await Task.WhenAll(
                Enumerable
                    .Range(0, count)
                    .Select(async session =>
                    {
                        for (var number = 0; number < calls; number++)
                            await sessions.ReserveAndSettleAsync(session, number * (long)count);
                    })
            );
            output.WriteLine(
                $"steady, a budget for {budget:N0} calls: {asks.Total / (double)count:0.0} asks per {calls:N0} calls beside the "
                    + "opening and the end (bar 10)"
            );
        }
    }

    // From when the money is sent back to when the waiter has its answer: the settlement itself is in it.
    private async Task WaitAsync(IGrainFactory grains, string where)
    {
        var session = grains.GetGrain<IBudgetSession>("waits");
        var one = Money.Parse("1.00");
        await session.OpenAsync(
            new OpenCommand
            {
                Options = new BudgetSessionOptions { Budget = one, Loops = LoopPolicy.Off },
            }
        );
        var holds = (await session.ReserveAsync(Reserve(one))).ReservationId;
        var took = new List<double>();
        var ahead = new List<double>();
        for (var i = 0; i < Waits; i++)
        {
            var waiting = session.ReserveWaitingAsync(Reserve(one), TimeSpan.FromSeconds(20), isAgain: false);
            // Answered behind it.
            await session.StandingAsync();
            if (waiting.IsCompleted)
                throw new InvalidOperationException("It does not wait.");
            var began = Stopwatch.GetTimestamp();
            await session.ReleaseAsync(new ReleaseCommand { ReservationId = holds, Key = Guid.NewGuid().ToString("N") });
            var freed = Stopwatch.GetElapsedTime(began);
            holds = (await waiting).Answer.ReservationId;
            took.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            ahead.Add((Stopwatch.GetElapsedTime(began) - freed).TotalMilliseconds);
        }

        output.WriteLine(
            $"wait, {where}: a waiter has its money {At(took, 0.5):0.00} ms (median), {At(took, 0.99):0.00} (p99) after it is sent back, "
                + $"{At(ahead, 0.5):0.00} and {At(ahead, 0.99):0.00} after that is answered (bar 20, both)"
        );
    }

    private async Task SharesAsync(IGrainFactory grains)
    {
        foreach (var stagger in new[] { TimeSpan.Zero, TimeSpan.FromMilliseconds(10) })
        {
            var (made, most, longest) = (new List<int>(), Money.Zero, 0.0);
            for (var round = 0; round < rounds; round++)
            {
                var session = grains.GetGrain<IBudgetSession>($"shares-{stagger.Ticks}-{round}");
                var open = new OpenCommand
                {
                    Options = new BudgetSessionOptions { Budget = Money.Parse("1.00"), Loops = LoopPolicy.Off },
                };
                await session.OpenAsync(open);
                var waits = await Task.WhenAll(Enumerable.Range(0, 50).Select(call => UncappedAsync(session, stagger * call)));
                made.Add(waits.Count(wait => wait is not null));
                longest = Math.Max(longest, waits.OfType<TimeSpan>().Max().TotalSeconds);
                most = Money.Max(most, await MostAuthorisedAsync(session));
            }

            output.WriteLine(
                $"shares: 50 uncapped calls {(stagger == TimeSpan.Zero ? "at once" : "10 ms apart")} on $1.00: "
                    + $"{string.Join(' ', made)} made (bar 45), at most {most} authorised, longest wait {longest:0.00} s"
            );
        }
    }

    // gpt-5: $1.28 at worst, 1,024 tokens of output and the input at least, half a cent in truth.
    private static async Task<TimeSpan?> UncappedAsync(IBudgetSession session, TimeSpan after)
    {
        await Task.Delay(after);
        var began = Stopwatch.GetTimestamp();
        var reserve = Reserve(Money.Parse("1.28")) with
        {
            Call = Call.Model("gpt-5") with { IsUncapped = true },
            LeastAmount = Money.Parse("0.0105"),
        };
        var waited = await session.ReserveWaitingAsync(reserve, TimeSpan.FromSeconds(10), isAgain: false);
        if (!waited.Answer.IsGranted)
            return null;
        var wait = Stopwatch.GetElapsedTime(began);
        await Task.Delay(100);
        await session.SettleAsync(
            new SettleCommand
            {
                ReservationId = waited.Answer.ReservationId,
                Cost = Money.Parse("0.005"),
                Key = Guid.NewGuid().ToString("N"),
            }
        );
        return wait;
    }

    private static async Task<Money> MostAuthorisedAsync(IBudgetSession session)
    {
        var most = Money.Zero;
        foreach (var entry in (await session.TimelineAsync(1, 1_000))!.Entries)
            most = Money.Max(most, entry.After.Settled + entry.After.Reserved);
        return most;
    }

    private async Task ClosedAsync()
    {
        Console.Error.WriteLine($"closed: {closed:N0}");
        var folder = Directory.CreateTempSubdirectory("agentbudget-benchmark-");
        try
        {
            await using (var first = await StartAsync(folder.FullName))
            {
                await SetAsync(first.Grains, "old");
                await OpenAndCloseAsync(first.Grains);
            }

            var (cold, warm) = (new List<double>(), new List<double>());
            for (var round = 0; round < rounds; round++)
            {
                await using var next = await StartAsync(folder.FullName);
                // What any activation needs the first time in a process is no part of it.
                await next.Grains.GetGrain<ITenantBudget>("other").ReportAsync();
                cold.Add(await ReportAsync(next.Grains));
                warm.Add(await ReportAsync(next.Grains));
            }

            output.WriteLine(
                $"closed: a tenant with {closed:N0} sessions that have ended answers its report in {At(cold, 0.5):0.0} ms when it is not "
                    + $"in memory ({string.Join(' ', cold.Select(each => $"{each:0.0}"))}), {At(warm, 0.5):0.0} when it is (bar 50)"
            );
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<double> ReportAsync(IGrainFactory grains)
    {
        var began = Stopwatch.GetTimestamp();
        var report = await grains.GetGrain<ITenantBudget>("old").ReportAsync();
        if (report is not { Open: 0 })
            throw new InvalidOperationException($"{report?.Open} are open.");
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }

    private async Task OpenAndCloseAsync(IGrainFactory grains)
    {
        var options = new BudgetSessionOptions { Budget = Money.Parse("5.00") };
        await Parallel.ForEachAsync(
            Enumerable.Range(0, closed),
            new ParallelOptions { MaxDegreeOfParallelism = 200 },
            async (i, _) =>
            {
                var session = grains.GetGrain<IBudgetSession>($"old@{i}");
                await TenantLoad.KnownAsync(() => session.OpenAsync(new OpenCommand { Options = options }));
                await TenantLoad.KnownAsync(() => session.CloseAsync(new CloseCommand { Key = "end" }));
            }
        );
        while ((await grains.GetGrain<ITenantBudget>("old").ReportAsync()) is { Open: > 0 })
            await Task.Delay(200);
    }

    private static ReserveCommand Reserve(Money amount) =>
        new()
        {
            Amount = amount,
            Call = Call.Model("gpt-5"),
            Key = Guid.NewGuid().ToString("N"),
        };

    private static Task<SessionAnswer> SetAsync(IGrainFactory grains, string path) =>
        grains
            .GetGrain<ITenantBudget>(path)
            .SetAsync(new SetTenantCommand { Settings = new TenantSettings { TotalLimit = Money.Parse("100000000") } });

    private static double At(List<double> values, double fraction)
    {
        var sorted = values.Order().ToArray();
        return sorted[(int)Math.Min(sorted.Length - 1, sorted.Length * fraction)];
    }
}
