using System.Globalization;
using AgentBudget.PostgreSql.TestServer;
using AgentBudget.Robustness.Processes;

namespace AgentBudget.Robustness.Faults;

/// <summary>Does faults one after the other, by a seed, and sees after each how long it takes until every session answers.</summary>
internal sealed class Nemesis(
    SiloProcesses silos,
    IReadOnlyList<PostgreSqlServer> servers,
    TenantFaults tenants,
    Func<DateTimeOffset, Task<TimeSpan>> untilAllAnswer,
    Action<string> tell,
    int seed,
    TimeProvider time
)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Still = TimeSpan.FromSeconds(20);

    private readonly Random random = new(seed);
    private readonly List<Fault> faults = [];

    /// <summary>What was done so far.</summary>
    public IReadOnlyList<Fault> Faults => faults;

    /// <summary>Goes on until the time is up and the work is done; the last fault is healed then.</summary>
    /// <param name="kinds">What it does.</param>
    /// <param name="until">When the time is up.</param>
    /// <param name="isDone">Whether the work is done that has to be, however long it takes.</param>
    public async Task RunAsync(IReadOnlyList<FaultKind> kinds, DateTimeOffset until, Func<bool> isDone)
    {
        if (kinds.Count == 0)
        {
            await WaitAsync(until - time.GetUtcNow());
            while (!isDone())
                await WaitAsync(LookEvery);
            return;
        }

        for (var i = 0; ; i++)
        {
            await WaitAsync(TimeSpan.FromMilliseconds(2_000 + random.Next(4_000)));
            // Each in turn first, then as it comes.
            var kind = kinds[i < kinds.Count ? i : random.Next(kinds.Count)];
            if (time.GetUtcNow() + LengthOf(kind) > until && isDone())
                break;
            await DoAsync(kind);
        }

        await WaitAsync(until - time.GetUtcNow());
    }

    private static TimeSpan LengthOf(FaultKind kind) =>
        kind switch
        {
            FaultKind.Stop or FaultKind.Partition or FaultKind.Tenant => Still,
            FaultKind.Rolling or FaultKind.Pause => TimeSpan.FromSeconds(15),
            _ => TimeSpan.FromSeconds(5),
        };

    private async Task DoAsync(FaultKind kind)
    {
        var at = time.GetUtcNow();
        tell($"fault: {kind}");
        var (healedAt, recovery) = kind switch
        {
            FaultKind.Kill => await KillOneAsync(at),
            FaultKind.KillAll => await AfterAsync(KillAllAsync),
            FaultKind.Stop => await AfterAsync(StopOneAsync),
            FaultKind.Database => await AfterAsync(StopDatabaseAsync),
            FaultKind.Partition => await AfterAsync(StopPartitionAsync),
            FaultKind.Rolling => await AfterAsync(RollAsync),
            FaultKind.Pause => await AfterAsync(PauseAsync),
            FaultKind.Tenant => await AfterAsync(() => tenants.BeAwayAsync(Still)),
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
        faults.Add(new Fault(kind, at, healedAt, recovery));
        tell(
            string.Create(
                CultureInfo.InvariantCulture,
                $"       {kind}: every session answers {recovery.TotalSeconds:0.0} s after it "
                    + $"{(kind == FaultKind.Kill ? "happened" : "healed")}"
            )
        );
    }

    private async Task<(DateTimeOffset, TimeSpan)> AfterAsync(Func<Task> fault)
    {
        await fault();
        var healedAt = time.GetUtcNow();
        var recovery = await untilAllAnswer(healedAt);
        await silos.WhenAllReadyAsync();
        return (healedAt, recovery);
    }

    // Two silos are left, so nothing has to be mended before the sessions answer again.
    private async Task<(DateTimeOffset, TimeSpan)> KillOneAsync(DateTimeOffset at)
    {
        var index = random.Next(silos.Count);
        silos.Kill(index);
        var recovering = untilAllAnswer(at);
        await WaitAsync(TimeSpan.FromSeconds(1 + random.Next(4)));
        await silos.StartAsync(index);
        var recovery = await recovering;
        await silos.WhenAllReadyAsync();
        return (at, recovery);
    }

    // The two that are left tell those who were on the third where they are then.
    private Task PauseAsync()
    {
        var index = random.Next(silos.Count);
        return tenants.PauseAsync(
            async () =>
            {
                silos.Kill(index);
                await WaitAsync(TimeSpan.FromSeconds(1 + random.Next(3)));
                await silos.StartAsync(index);
            },
            TimeSpan.FromMilliseconds(random.Next(60))
        );
    }

    private async Task KillAllAsync()
    {
        for (var i = 0; i < silos.Count; i++)
            silos.Kill(i);
        await WaitAsync(TimeSpan.FromMilliseconds(random.Next(1000)));
        for (var i = 0; i < silos.Count; i++)
            await silos.StartAsync(i);
    }

    // A silo that stood still is declared dead meanwhile, and ends when it learns of it; then it is started again like any that ends.
    private async Task StopOneAsync()
    {
        var index = random.Next(silos.Count);
        silos.Stop(index);
        await WaitAsync(Still);
        silos.Continue(index);
    }

    private async Task StopDatabaseAsync()
    {
        await servers[0].StopImmediatelyAsync();
        await WaitAsync(TimeSpan.FromSeconds(random.Next(1, 6)));
        await servers[0].StartAsync(CancellationToken.None);
    }

    private async Task StopPartitionAsync()
    {
        await servers[^1].StopImmediatelyAsync();
        await WaitAsync(Still);
        await servers[^1].StartAsync(CancellationToken.None);
    }

    // As an operator does it: when all are up.
    private async Task RollAsync()
    {
        await silos.WhenAllReadyAsync();
        for (var i = 0; i < silos.Count; i++)
        {
            await silos.EndAsync(i);
            await silos.StartAsync(i);
            await silos.WhenAllReadyAsync();
        }
    }

    private Task WaitAsync(TimeSpan wait) => wait > TimeSpan.Zero ? Task.Delay(wait, time) : Task.CompletedTask;
}
