using System.Collections.Concurrent;
using System.Diagnostics;
using AgentBudget.Orleans.Sessions;
using AgentBudget.Orleans.Storage.InMemory;
using AgentBudget.StoreContract.Clusters;
using Microsoft.Extensions.DependencyInjection;

namespace AgentBudget.Orleans.Tests.Sessions;

/// <summary>The first turn of an activation does not hold its lock: two that spoke to each other in it would wait for each other for
/// ever, and every thread that sends them something with them.</summary>
public sealed class FirstTurnTests : IAsyncDisposable
{
    private const int Activations = 20;

    private readonly LockFilter filter = new();
    private LedgerCluster? cluster;

    public ValueTask DisposeAsync() => cluster?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task FirstTurns_OfSessionsAndTenants_HoldNoLock()
    {
        cluster = await LedgerCluster.StartAsync(
            new InMemoryLedgerStore(),
            configureSilo: silo =>
            {
                silo.AddIncomingGrainCallFilter(filter);
                silo.Services.AddTransient(SlowlyMade);
            }
        );
        var sessions = Enumerable.Range(0, Activations).Select(number => cluster.Session($"session-{number}").StandingAsync() as Task);
        var tenants = Enumerable.Range(0, Activations).Select(number => cluster.Grains.GetGrain<ITenantBudget>($"t{number}").ReportAsync());
        await Task.WhenAll(sessions.Concat(tenants)).InTimeAsync();
        Assert.Equal(2 * Activations, filter.Seen.Count);
        Assert.Empty(filter.Locked);
    }

    // An activation is made under its lock. When that takes a while, as on a busy machine, its first call has come by then.
    private static SessionServices SlowlyMade(IServiceProvider services)
    {
        var made = ActivatorUtilities.CreateInstance<SessionServices>(services);
        Thread.Sleep(TimeSpan.FromMilliseconds(5));
        return made;
    }

    /// <summary>Looks whether a call runs while its activation is being made.</summary>
    private sealed class LockFilter : IIncomingGrainCallFilter
    {
        public ConcurrentBag<string> Seen { get; } = [];

        public ConcurrentBag<string> Locked { get; } = [];

        public Task Invoke(IIncomingGrainCallContext context)
        {
            if (context.TargetId.Type.ToString() is not ("agentbudget.session" or "agentbudget.tenant"))
                return context.Invoke();
            var call = $"{context.TargetId} {context.MethodName}";
            Seen.Add(call);
            // Orleans holds the activation's lock in there, which nobody else can ask about.
            if (new StackTrace().GetFrames().Any(frame => frame.GetMethod() is { Name: "Start", DeclaringType.Name: "ActivationData" }))
                Locked.Add(call);
            return context.Invoke();
        }
    }
}
