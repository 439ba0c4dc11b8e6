using AgentBudget.Orleans.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Orleans.Configuration;
using Orleans.TestingHost;

namespace AgentBudget.StoreContract.Clusters;

/// <summary>Silos in this process over one store, with a clock of their own. The sweep runs only when a test says so.</summary>
public sealed class LedgerCluster : IAsyncDisposable
{
    private readonly InProcessTestCluster cluster;
    private readonly TurnCounter turns;

    private LedgerCluster(InProcessTestCluster cluster, TurnCounter turns, FakeTimeProvider clock) =>
        (this.cluster, this.turns, Clock) = (cluster, turns, clock);

    /// <summary>The clock of ledger, timers and sweep. Orleans itself keeps the real one.</summary>
    public FakeTimeProvider Clock { get; }

    public IGrainFactory Grains => cluster.Client;

    /// <summary>Starts silos.</summary>
    /// <param name="store">Their store; it is not disposed of with them.</param>
    /// <param name="silos">How many.</param>
    /// <param name="clock">Their clock, when it has to go on from an earlier cluster's.</param>
    /// <param name="configure">Sets the ledger's options.</param>
    /// <param name="configureSilo">Adds to each silo.</param>
    public static async Task<LedgerCluster> StartAsync(
        ILedgerStore store,
        short silos = 1,
        FakeTimeProvider? clock = null,
        Action<AgentBudgetOptions>? configure = null,
        Action<ISiloBuilder>? configureSilo = null
    )
    {
        clock ??= new FakeTimeProvider(GrowingSession.Start);
        var turns = new TurnCounter();
        var builder = new InProcessTestClusterBuilder(silos);
        builder.ConfigureSilo(
            (_, silo) =>
            {
                silo.Services.AddSingleton<TimeProvider>(clock);
                silo.Services.UseTimeProviderForBackgroundAreas(TimeProvider.System);
                WaitForAnswers(silo.Services);
                silo.Services.AddSingleton(store);
                silo.Services.AddSingleton<IIncomingGrainCallFilter>(turns);
                silo.AddAgentBudget(options =>
                {
                    options.SweepEnabled = false;
                    configure?.Invoke(options);
                });
                configureSilo?.Invoke(silo);
            }
        );
        builder.ConfigureClient(client => WaitForAnswers(client.Services));
        var cluster = builder.Build();
        await cluster.DeployAsync(TestContext.Current.CancellationToken);
        return new LedgerCluster(cluster, turns, clock);
    }

    public IBudgetSession Session(string sessionId) => Grains.GetGrain<IBudgetSession>(sessionId);

    /// <summary>The calls of a session that come from now on.</summary>
    public Turns TurnsOf(string sessionId) => new(turns, sessionId);

    /// <summary>Opens a session without loop detection.</summary>
    public async Task<IBudgetSession> OpenAsync(
        string sessionId,
        string budget = "1.00",
        Func<BudgetSessionOptions, BudgetSessionOptions>? with = null
    )
    {
        var session = Session(sessionId);
        var options = new BudgetSessionOptions { Budget = Money.Parse(budget), Loops = LoopPolicy.Off };
        var opened = await session.OpenAsync(new OpenCommand { Options = with is null ? options : with(options) });
        Assert.True(opened.IsGranted, $"{sessionId} was not opened: {opened.Refusal}");
        return session;
    }

    public Task<int> SweepAsync() => Grains.GetGrain<IExpirySweep>(0).SweepAsync().InTimeAsync();

    /// <summary>Ends the activation of a session, as a silo does that shuts down or rebalances.</summary>
    public Task ForgetAsync(string sessionId) => ForgetAsync(Session(sessionId));

    /// <summary>Ends the activation of a grain.</summary>
    public Task ForgetAsync(IGrain grain) => cluster.DeactivateAsync(grain).InTimeAsync();

    /// <summary>Moves a session to another silo.</summary>
    public async Task MoveAsync(string sessionId)
    {
        var from = SiloOf(sessionId);
        var to = cluster.Silos.First(silo => silo != from).SiloAddress;
        await cluster.MigrateAsync(Session(sessionId), to).InTimeAsync();
    }

    /// <summary>Stops one silo; what it was asked to do is done first.</summary>
    public Task StopSiloAsync(string withSession) => cluster.StopSiloAsync(SiloOf(withSession)!);

    /// <summary>Takes the silos one after the other: stops it, as a deployment does, and starts another in its place.</summary>
    public async Task RollAsync()
    {
        foreach (var silo in cluster.Silos.ToArray())
        {
            await cluster.StopSiloAsync(silo);
            await cluster.StartAdditionalSiloAsync();
            await cluster.WaitForLivenessToStabilizeAsync();
        }
    }

    /// <summary>Kills one silo.</summary>
    public Task KillSiloAsync(string withSession) => cluster.KillSiloAsync(SiloOf(withSession)!);

    /// <summary>Kills the silo that has a grain.</summary>
    public Task KillSiloAsync(IGrain with) => cluster.KillSiloAsync(SiloOf(with)!);

    public bool IsActive(string sessionId) => SiloOf(sessionId) is not null;

    public ValueTask DisposeAsync() => cluster.DisposeAsync();

    // On a machine with much to do an answer can take longer than a caller would wait; one that is lost with its silo never comes.
    private static void WaitForAnswers(IServiceCollection services)
    {
        services.AddKeyedSingleton<TimeProvider>(TimeProviderNames.Messaging, new SlowTimeProvider(slowness: 10));
        services.Configure<ClientMessagingOptions>(options => options.DropExpiredMessages = false);
        services.Configure<SiloMessagingOptions>(options => options.DropExpiredMessages = false);
    }

    private InProcessSiloHandle? SiloOf(string sessionId) => SiloOf(Session(sessionId));

    private InProcessSiloHandle? SiloOf(IGrain grain) =>
        cluster.TryGetGrainContext(grain.GetGrainId(), out var context) ? cluster.GetSiloForAddress(context.Address.SiloAddress!) : null;
}
