using AgentBudget.Orleans.PostgreSql.Membership;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Messaging;

namespace AgentBudget;

/// <summary>Lets silos and clients find each other through PostgreSQL.</summary>
public static class PostgreSqlClusteringExtensions
{
    /// <summary>
    /// Keeps the cluster's membership in PostgreSQL, by the AdoNet provider of Orleans; its tables and queries are made and brought up to
    /// date at start. Several clusters may share a database: they are told apart by their cluster ids.
    /// </summary>
    /// <param name="silo">The silo.</param>
    /// <param name="connectionString">The database; it may be one of the ledger's.</param>
    /// <exception cref="LedgerStoreUnavailableException">The connection string cannot be used; the message says why.</exception>
    public static ISiloBuilder UsePostgreSqlClustering(this ISiloBuilder silo, string connectionString)
    {
        var database = new MembershipDatabase(connectionString);
        silo.Services.AddSingleton(_ => database);
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, MembershipStart>();
        return silo.UseAdoNetClustering(
            (AdoNetClusteringSiloOptions options) =>
            {
                options.Invariant = MembershipDatabase.Invariant;
                options.DataSource = database.Source;
            }
        );
    }

    // Until the next look a client goes on sending to a silo that is gone and whose connection does not say so; Orleans looks once a
    // minute.
    private static readonly TimeSpan LookForSilosEvery = TimeSpan.FromSeconds(5);

    /// <summary>Finds the silos of a cluster through the PostgreSQL database in which they keep their membership, and looks for them every
    /// 5 seconds; <see cref="GatewayOptions.GatewayListRefreshPeriod"/>, configured after this, sets another interval.</summary>
    /// <param name="client">The client.</param>
    /// <param name="connectionString">The database.</param>
    /// <exception cref="LedgerStoreUnavailableException">The connection string cannot be used; the message says why.</exception>
    public static IClientBuilder UsePostgreSqlClustering(this IClientBuilder client, string connectionString)
    {
        var database = new MembershipDatabase(connectionString);
        client.Services.AddSingleton(_ => database);
        client.UseAdoNetClustering(
            (AdoNetClusteringClientOptions options) =>
            {
                options.Invariant = MembershipDatabase.Invariant;
                options.DataSource = database.Source;
            }
        );
        client.Configure<GatewayOptions>(options => options.GatewayListRefreshPeriod = LookForSilosEvery);
        return DecorateGateways(client);
    }

    // The provider fails for good when its tables are not there yet, and a client may start before the first silo.
    private static IClientBuilder DecorateGateways(IClientBuilder client)
    {
        var provider = client.Services.Last(service => service.ServiceType == typeof(IGatewayListProvider) && !service.IsKeyedService);
        client.Services.AddSingleton<IGatewayListProvider>(services => new GatewayList(
            (IGatewayListProvider)ActivatorUtilities.GetServiceOrCreateInstance(services, provider.ImplementationType!),
            services.GetRequiredService<MembershipDatabase>()
        ));
        return client;
    }
}
