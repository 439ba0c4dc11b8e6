using System.Globalization;
using AgentBudget.Orleans.Storage;
using AgentBudget.Orleans.Storage.InMemory;
using AgentBudget.StoreContract.Clusters;
using Microsoft.Extensions.DependencyInjection;

namespace AgentBudget.Orleans.Streams.Tests;

/// <summary>A cluster with streams over a store that outlives it, and what their subscribers have received.</summary>
public sealed class StreamWorld(ILedgerStore? over = null) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private LedgerCluster? cluster;

    public ILedgerStore Store { get; } = over ?? new InMemoryLedgerStore();

    public Received Received { get; } = new();

    public LedgerCluster Cluster => cluster!;

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>What the silos keep of what was not taken.</summary>
    public BudgetStreamDeadLetters DeadLetters => new(Store);

    public async Task StartAsync(short silos = 1, Action<BudgetStreamsOptions>? with = null) =>
        cluster = await LedgerCluster.StartAsync(
            Store,
            silos,
            cluster?.Clock,
            configure: null,
            silo =>
            {
                silo.Services.AddSingleton(Received);
                silo.AddAgentBudgetStreams(options =>
                {
                    options.PollInterval = TimeSpan.FromMilliseconds(100);
                    options.SaveInterval = TimeSpan.FromMilliseconds(10);
                    options.MaxDeliveryTime = TimeSpan.FromSeconds(1);
                    with?.Invoke(options);
                });
            }
        );

    public Task StopAsync() => Cluster.DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        if (cluster is not null)
            await cluster.DisposeAsync();
    }

    public async Task RunAsync(string id, int charges)
    {
        await Cluster.OpenAsync(id, budget: "100");
        await ChargeAsync(id, charges);
    }

    public async Task ChargeAsync(string id, int charges)
    {
        for (var i = 0; i < charges; i++)
            await Cluster.Session(id).ChargeAsync(new ChargeCommand { Call = Call.Tool("search"), Cost = Money.Parse("0.01") });
    }

    /// <summary>Waits until all events of sessions have come, and looks at their order.</summary>
    public async Task ArrivedAsync(params IReadOnlyList<string> ids)
    {
        foreach (var id in ids)
        {
            var expected = (await Store.ReadAsync(id, 1, int.MaxValue, Token))
                .Where(BudgetEvents.Any)
                .Select(entry => entry.Sequence)
                .ToArray();
            await UntilAsync(() => Of(id).Length >= expected.Length);
            Assert.Equal(expected, Of(id));
        }
    }

    /// <summary>The entries of a ledger whose events have come, each once, in the order in which they came first.</summary>
    public long[] Of(string id) => [.. Received.Once.Where(of => of.Origin.Ledger == id).Select(of => of.Sequence)];

    /// <summary>Waits until something is so, while the time goes on.</summary>
    public async Task UntilAsync(Func<bool> isSo)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(Patience);
        while (!isSo())
        {
            // Orleans looks at the feed by the cluster's clock.
            Cluster.Clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Delay(5, limit.Token);
        }
    }

    /// <summary>Lets time go by, in which the streams go on.</summary>
    public async Task PassAsync(TimeSpan time)
    {
        var until = Cluster.Clock.GetUtcNow() + time;
        await UntilAsync(() => Cluster.Clock.GetUtcNow() >= until);
    }

    /// <summary>The places of queues in a partition, by their names.</summary>
    public IReadOnlyDictionary<string, long> Places(int partition = 0) =>
        Consumers(partition).ToDictionary(row => row.Name, row => row.Position);

    /// <summary>Who has a queue: another number for each silo that took it over.</summary>
    public long OwnerOf(string queue) => Consumers(0).Single(row => row.Name == queue).Epoch;

    /// <summary>The last position of a partition's feed.</summary>
    public long End(int partition = 0) => Store.Feed.FeedEndsAsync(partition, Token).AsTask().GetAwaiter().GetResult().Last;

    public int DeadLettersKept() => DeadLetters.ListAsync(10_000, Token).GetAwaiter().GetResult().Count;

    public static BudgetStreamDeadLetter DeadLetter(int number) =>
        new()
        {
            At = DateTimeOffset.UnixEpoch.AddSeconds(number),
            Namespace = BudgetStreams.Events,
            Key = "acme",
            EventId = $"acme@a#1.{number}.1",
            Type = "charge.settled",
            Ledger = "acme@a",
            Sequence = number,
            Cursor = "0:",
            From = 1,
            Through = 1,
            Partition = 0,
            Row = number.ToString("d8", CultureInfo.InvariantCulture),
        };

    private IReadOnlyList<FeedConsumerRow> Consumers(int partition) =>
        Store.Feed.ReadConsumersAsync(partition, Token).AsTask().GetAwaiter().GetResult();
}
