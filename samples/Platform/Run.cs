using System.Diagnostics;
using AgentBudget;
using AgentBudget.PostgreSql.TestServer;

namespace Platform;

/// <summary>The whole: silos, tenant, sessions, workers, a kill, and the three numbers.</summary>
internal static class Run
{
    private const int Workers = 2;

    private static readonly TimeSpan CatchesUpWithin = TimeSpan.FromSeconds(240);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);

    public static async Task<int> MainAsync(Arguments asked)
    {
        await using var server = await StartServerAsync();
        await using var bill = new BillTable(Names.Database);
        await bill.CreateAsync();
        using var processes = new Processes();
        var ports = FreePorts.Find(6);
        var silos = new List<Process>();
        for (var i = 0; i < 3; i++)
            silos.Add(await processes.StartSiloAsync(ports[i], ports[i + 3]));
        await using var client = await ClusterLink.StartAsync();
        Console.WriteLine("three silos work");

        await OpenAsync(client.Grains, asked);
        var each = asked.Sessions / Workers;
        var workers = Enumerable
            .Range(0, Workers)
            .Select(i => processes.StartWorker(i * each, i == Workers - 1 ? asked.Sessions - (i * each) : each, asked.Charges))
            .ToArray();
        await UntilAsync(async () => (await bill.TotalAsync()).Rows >= asked.Sessions * asked.Charges / 3, "a third of the bill");
        silos[1].Kill();
        Console.WriteLine($"a silo is killed, with {(await bill.TotalAsync()).Rows:N0} costs on the bill");
        foreach (var worker in workers)
        {
            await worker.WaitForExitAsync();
            if (worker.ExitCode != 0)
                throw new InvalidOperationException($"A worker ended with {worker.ExitCode}; its error output says why.");
        }

        return await CompareAsync(client.Grains, bill, asked);
    }

    // The tenant may spend what the sessions need and not much more: it is strict, and they are many.
    private static async Task OpenAsync(IGrainFactory grains, Arguments asked)
    {
        var needed = Enumerable
            .Range(0, asked.Sessions)
            .SelectMany(session => Enumerable.Range(0, asked.Charges).Select(charge => Names.CostOf(session, charge)))
            .Aggregate(Money.Zero, (sum, cost) => sum + cost);
        var limit = needed + needed;
        await grains
            .GetGrain<ITenantBudget>(Names.Tenant)
            .SetAsync(
                new SetTenantCommand
                {
                    Settings = new TenantSettings { TotalLimit = limit },
                    By = "platform",
                }
            );
        var options = new BudgetSessionOptions { Budget = Money.Parse("5"), Tenant = TenantPath.Parse(Names.Tenant) };
        var opening = new OpenCommand { Options = options };
        foreach (var some in Enumerable.Range(0, asked.Sessions).Chunk(100))
            await Task.WhenAll(some.Select(number => OpenAsync(grains.GetGrain<IBudgetSession>(Names.Session(number)), opening)));
        Console.WriteLine($"{asked.Sessions:N0} sessions of {Names.Tenant}, which may spend {limit}");
    }

    private static async Task OpenAsync(IBudgetSession session, OpenCommand opening)
    {
        while (await WorkerProcess.UntilAnsweredAsync(() => session.OpenAsync(opening)) is { Refusal: { } refusal })
        {
            // What is free now may be with others, or the tenant's answer came too late to be used.
            if (refusal.Reason != RefusalReason.InsufficientNow)
                throw new InvalidOperationException($"A session was not opened: {refusal}");
            await Task.Delay(refusal.RetryAfter ?? LookEvery);
        }
    }

    private static async Task<int> CompareAsync(IGrainFactory grains, BillTable bill, Arguments asked)
    {
        var (billed, told, sessions) = (Money.Zero, Money.Zero, Money.Zero);
        // Sessions report to their tenant within seconds, after a crash once they are read; and the stream comes behind the ledger.
        try
        {
            await UntilAsync(
                async () =>
                {
                    sessions = await SpentAsync(grains, asked);
                    billed = (await bill.TotalAsync()).Total;
                    var report = await WorkerProcess.UntilAnsweredAsync(grains.GetGrain<ITenantBudget>(Names.Tenant).ReportAsync);
                    told = report!.Sums.Single(sums => sums.Kind == WindowKind.Total).Spent;
                    return billed == sessions && told == sessions;
                },
                "bill and tenant"
            );
        }
        catch (TimeoutException exception)
        {
            Console.WriteLine(exception.Message);
        }

        Console.WriteLine($"bill            {billed, 20}   {(await bill.TotalAsync()).Rows:N0} costs");
        Console.WriteLine($"tenant report   {told, 20}");
        Console.WriteLine($"session reports {sessions, 20}   {asked.Sessions:N0} sessions");
        var isRight = billed == sessions && told == sessions;
        Console.WriteLine(isRight ? "they agree, to the nano-dollar" : "THEY DO NOT AGREE");
        return isRight ? 0 : 1;
    }

    private static async Task<Money> SpentAsync(IGrainFactory grains, Arguments asked)
    {
        var sum = Money.Zero;
        foreach (var some in Enumerable.Range(0, asked.Sessions).Chunk(100))
        {
            var standings = await Task.WhenAll(
                some.Select(number =>
                    WorkerProcess.UntilAnsweredAsync(grains.GetGrain<IBudgetSession>(Names.Session(number)).StandingAsync)
                )
            );
            sum = standings.Aggregate(sum, (total, standing) => total + standing.Spent);
        }

        return sum;
    }

    private static async Task<PostgreSqlServer?> StartServerAsync()
    {
        if (Environment.GetEnvironmentVariable(Names.DatabaseVariable) is not null)
            return null;
        var server = await PostgreSqlServer.StartNewAsync(CancellationToken.None);
        // The processes that are started inherit it.
        Environment.SetEnvironmentVariable(Names.DatabaseVariable, await server.CreateDatabaseAsync(CancellationToken.None));
        return server;
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo, string what)
    {
        var began = Stopwatch.GetTimestamp();
        while (!await isSo())
        {
            if (Stopwatch.GetElapsedTime(began) > CatchesUpWithin)
                throw new TimeoutException($"Waited {CatchesUpWithin.TotalSeconds:0} s for {what}.");
            await Task.Delay(LookEvery);
        }
    }
}
