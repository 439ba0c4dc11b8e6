using AgentBudget.Orleans.Storage;
using AgentBudget.Orleans.Storage.InMemory;
using AgentBudget.Robustness.Checking;
using AgentBudget.Robustness.Histories;
using AgentBudget.Robustness.Plants;
using AgentBudget.Robustness.Workloads;
using AgentBudget.StoreContract;
using AgentBudget.StoreContract.Clusters;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace AgentBudget.Robustness.Tests.Plants;

/// <summary>
/// A run in this process: two clusters over one store in memory, each with the workload's clients, so that every session has two
/// activations that fence each other, and sessions that are made to load again. The checker is that of the real runs.
/// </summary>
internal static class ShortRun
{
    private const int Sessions = 12;
    private const int Children = 24;
    private const int MostRounds = 30;
    private const int Rounds = 40;
    private const int LinesBetweenRounds = 40;

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestRound = TimeSpan.FromSeconds(1);

    /// <summary>Runs, and gives what the checker finds.</summary>
    public static async Task<IReadOnlyList<Violation>> RunAsync(Plant? plant, int seed)
    {
        using var text = new CountingWriter();
        var inner = new InMemoryLedgerStore();
        var store = plant?.Around?.Invoke(new ControlledStore(inner)) ?? new ControlledStore(inner);
        var clock = new FakeTimeProvider(GrowingSession.Start);
        await using var first = await LedgerCluster.StartAsync(store, clock: clock, configureSilo: AddFilter(plant));
        await using var second = await LedgerCluster.StartAsync(store, clock: clock, configureSilo: AddFilter(plant));
        LedgerCluster[] clusters = [first, second];
        var history = new HistoryWriter(text);
        using var stop = new CancellationTokenSource();
        var working = Task.WhenAll(
            clusters.Select(
                (cluster, client) =>
                    new Workload(SettingsOf(client, seed), cluster.Grains, history, TimeProvider.System).RunAsync(stop.Token, stop.Token)
            )
        );
        await DisturbAsync(clusters, store as HastyStore, clock, text, mayStand: plant is not null);
        await stop.CancelAsync();
        await PassTimeUntilAsync(working, clock, TimeSpan.MaxValue).InTimeAsync();
        await working;
        (store as HastyStore)?.Crash();
        var operations = HistoryReader.Read(new StringReader(text.ToString()));
        string[] ids = [.. IdsOf(operations)];
        // A fault that is built in may have lost what others wait for.
        var isAtRest = plant is null or { ComesToRest: true };
        if (isAtRest)
            await ComeToRestAsync(first, ids, inner, clock);
        return HistoryChecker.Check(await RecordAsync(operations, ids, inner, clock) with { IsAtRest = isAtRest });
    }

    private static IEnumerable<string> IdsOf(IReadOnlyList<Operation> operations) =>
        operations
            .Select(operation => operation.Invocation.Session)
            .Concat(
                operations.Select(operation => operation.Invocation.Command).OfType<OpenCarvedChildCommand>().Select(open => open.Child)
            )
            .Distinct(StringComparer.Ordinal);

    private static async Task ComeToRestAsync(LedgerCluster cluster, string[] ids, ILedgerStore store, FakeTimeProvider clock)
    {
        for (var round = 0; round < MostRounds; round++)
        {
            var looking = Task.WhenAll(ids.Select(id => cluster.Session(id).StandingAsync()));
            await PassTimeUntilAsync(looking, clock, TimeSpan.MaxValue).InTimeAsync();
            clock.Advance(TimeSpan.FromSeconds(1));
            if (await Rest.WaitAsync(store, ids, TimeSpan.Zero, clock) is null)
                return;
        }
    }

    private static WorkloadSettings SettingsOf(int client, int seed) =>
        new()
        {
            Seed = seed,
            Sessions = Sessions,
            Children = Children,
            Client = client,
            Clients = 2,
            Workers = 8,
            OperationsPerSecond = 400,
        };

    private static Action<ISiloBuilder>? AddFilter(Plant? plant) =>
        plant?.Filter is { } filter ? silo => silo.Services.AddSingleton(filter) : null;

    private static async Task DisturbAsync(
        LedgerCluster[] clusters,
        HastyStore? hasty,
        FakeTimeProvider clock,
        CountingWriter history,
        bool mayStand
    )
    {
        var random = new Random(1);
        var longest = mayStand ? LongestRound : TimeSpan.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            await PassTimeUntilAsync(history.WhenWrittenAsync(LinesBetweenRounds), clock, longest).InTimeAsync();
            clock.Advance(TimeSpan.FromMilliseconds(500));
            if (round % 8 == 7)
                hasty?.Crash();
            // An activation that ends waits for what it has begun, which waits by this clock.
            var forgetting = clusters[round % 2].ForgetAsync(WorkloadSettings.SessionId(random.Next(Sessions)));
            await PassTimeUntilAsync(forgetting, clock, longest).InTimeAsync();
            if (!mayStand)
                await forgetting;
        }
    }

    // Operations that wait for another session wait by this clock; without it all workers could wait at once. With a fault built in they
    // may wait for what it has lost: then the run goes on all the same.
    private static async Task PassTimeUntilAsync(Task done, FakeTimeProvider clock, TimeSpan atMost)
    {
        for (var waited = TimeSpan.Zero; !done.IsCompleted && waited < atMost; waited += Pace)
        {
            await Task.WhenAny(done, Task.Delay(Pace, TestContext.Current.CancellationToken));
            clock.Advance(Pace);
        }
    }

    private static async Task<RunRecord> RecordAsync(
        IReadOnlyList<Operation> operations,
        string[] ids,
        ILedgerStore store,
        FakeTimeProvider clock
    )
    {
        Assert.True(operations.Count > 100, $"Only {operations.Count} operations were sent.");
        return new RunRecord
        {
            Operations = operations,
            Sessions = await FinalSession.ReadAllAsync(store, ids, TestContext.Current.CancellationToken),
            ReadAt = clock.GetUtcNow(),
        };
    }

    /// <summary>A history in memory, by whose growth the run is paced.</summary>
    private sealed class CountingWriter : StringWriter
    {
        private readonly SemaphoreSlim written = new(0);

        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            written.Release();
        }

        /// <summary>Waits for so many more lines.</summary>
        public async Task WhenWrittenAsync(int lines)
        {
            for (var i = 0; i < lines; i++)
                await written.WaitAsync(TestContext.Current.CancellationToken);
        }
    }
}
