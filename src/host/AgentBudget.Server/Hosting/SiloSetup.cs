using System.Net;
using AgentBudget.Server.Settings;
using Orleans.Configuration;

namespace AgentBudget.Server.Hosting;

/// <summary>Makes a silo of the settings.</summary>
internal static class SiloSetup
{
    // A stopping silo tells its clients, and they take their calls elsewhere at once; waiting longer only prolongs the drain.
    private static readonly TimeSpan ClientsLeaveWithin = TimeSpan.FromSeconds(2);

    public static void Configure(ISiloBuilder silo, ServerSettings settings)
    {
        silo.Configure<ClusterOptions>(cluster =>
            (cluster.ClusterId, cluster.ServiceId) = (settings.Cluster.ClusterId, settings.Cluster.ServiceId)
        );
        silo.Configure<EndpointOptions>(endpoint =>
        {
            endpoint.AdvertisedIPAddress = settings.Silo.Advertised;
            endpoint.SiloPort = settings.Silo.SiloPort;
            endpoint.GatewayPort = settings.Silo.GatewayPort;
            endpoint.SiloListeningEndpoint = new IPEndPoint(settings.Silo.Listen, settings.Silo.SiloPort);
            endpoint.GatewayListeningEndpoint = new IPEndPoint(settings.Silo.Listen, settings.Silo.GatewayPort);
        });
        silo.Configure<SiloMessagingOptions>(messaging => messaging.ClientGatewayShutdownNotificationTimeout = ClientsLeaveWithin);
        silo.AddAgentBudget();
        silo.AddAgentBudgetWebhooks(webhooks => webhooks.KeysFolder ??= settings.OwnKeysFolder);
        silo.AddAgentBudgetBilling();
        if (settings.Mode == ServerMode.Cluster)
            ConfigureCluster(silo, settings);
        else
            ConfigureEmbedded(silo, settings);
    }

    private static void ConfigureCluster(ISiloBuilder silo, ServerSettings settings)
    {
        silo.UsePostgreSqlClustering(settings.Cluster.ConnectionString ?? settings.PostgreSql.ConnectionStrings[0]);
        silo.UseAgentBudgetFailover();
        silo.AddPostgreSqlLedgerStore();
    }

    private static void ConfigureEmbedded(ISiloBuilder silo, ServerSettings settings)
    {
        // A membership of one, in memory: the file has one writing process.
        silo.UseDevelopmentClustering(new IPEndPoint(settings.Silo.Advertised, settings.Silo.SiloPort));
        silo.AddSqliteLedgerStore(sqlite => sqlite.Path = settings.Sqlite.Path);
    }
}
