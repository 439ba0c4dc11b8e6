using System.Net;
using AgentBudget;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace Platform;

/// <summary>One silo: the ledger, its streams, and the grain that writes the bill.</summary>
internal static class SiloProcess
{
    public static async Task<int> RunAsync(int port, int gateway)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.Services.AddSingleton(_ => new BillTable(Names.Database));
        builder.UseOrleans(silo =>
        {
            silo.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (Names.ClusterId, Names.ClusterId));
            silo.ConfigureEndpoints(IPAddress.Loopback, port, gateway);
            silo.UsePostgreSqlClustering(Names.Database);
            silo.UseAgentBudgetFailover();
            silo.AddAgentBudget();
            silo.AddPostgreSqlLedgerStore(options => options.ConnectionStrings = [Names.Database]);
            silo.AddAgentBudgetStreams();
        });
        using var host = builder.Build();
        await host.StartAsync();
        Console.WriteLine(Processes.Ready);
        await host.WaitForShutdownAsync();
        return 0;
    }
}
