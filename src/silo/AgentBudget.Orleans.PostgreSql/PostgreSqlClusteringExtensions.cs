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

    /// <summary>Finds the silos of a cluster through the PostgreSQL database in which they keep their membership.</summary>
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
