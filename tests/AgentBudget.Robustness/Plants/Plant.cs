using AgentBudget.Orleans.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace AgentBudget.Robustness.Plants;

/// <summary>A fault that is built in on purpose, to show that the checker finds it. No product has a switch for any of them.</summary>
public sealed class Plant
{
    private Plant(string name, Func<ILedgerStore, ILedgerStore>? around = null, IIncomingGrainCallFilter? filter = null) =>
        (Name, Around, Filter) = (name, around, filter);

    /// <summary>The name on the command line.</summary>
    public string Name { get; }

    /// <summary>What it puts around the ledger store; null for nothing.</summary>
    public Func<ILedgerStore, ILedgerStore>? Around { get; }

    /// <summary>What it puts around the calls of grains; null for nothing.</summary>
    public IIncomingGrainCallFilter? Filter { get; }

    /// <summary>Whether nobody waits for what it loses, so that a run comes to rest all the same.</summary>
    public bool ComesToRest { get; private init; }

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Plant> All { get; } =
    [
        new("acknowledge-before-write", store => new HastyStore(store)),
        new("ignore-head-version", store => new UnfencedStore(store)),
        new("forget-keys", store => new ForgetfulStore(store)),
        new("reuse-sequence", store => new RewindingStore(store)),
        new("refusal-that-debits", filter: new DebitingRefusals()),
        new("forget-late-costs", filter: new ForgottenLateCosts()) { ComesToRest = true },
    ];

    /// <summary>The plant of a name; null for none.</summary>
    public static Plant? Find(string? name) => name is null ? null : All.Single(plant => plant.Name == name);

    /// <summary>Builds it into a silo, whose ledger store is added already.</summary>
    public void AddTo(ISiloBuilder silo)
    {
        if (Filter is not null)
            silo.Services.AddSingleton(Filter);
        if (Around is not { } around)
            return;
        var store = silo.Services.Last(service => service.ServiceType == typeof(ILedgerStore));
        silo.Services.Remove(store);
        silo.Services.AddSingleton(services =>
            around((ILedgerStore)ActivatorUtilities.CreateInstance(services, store.ImplementationType!))
        );
    }
}
