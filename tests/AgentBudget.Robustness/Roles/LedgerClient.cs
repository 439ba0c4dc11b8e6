using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace AgentBudget.Robustness.Roles;

/// <summary>A client of the cluster, with the response time-outs that the ledger's interfaces carry.</summary>
internal sealed class LedgerClient : IAsyncDisposable
{
    private readonly IHost host;

    private LedgerClient(IHost host) => this.host = host;

    /// <summary>Where grains come from.</summary>
    public IGrainFactory Grains => host.Services.GetRequiredService<IClusterClient>();

    /// <summary>Connects.</summary>
    public static async Task<LedgerClient> StartAsync(RoleFile file)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.AddSimpleConsole(options => options.SingleLine = true).SetMinimumLevel(LogLevel.Error);
        builder.UseOrleansClient(client =>
        {
            client.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (file.ClusterId, "robustness"));
            client.UsePostgreSqlClustering(file.ConnectionStrings[0]);
        });
        var host = builder.Build();
        await host.StartAsync();
        return new LedgerClient(host);
    }

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync(TimeSpan.FromSeconds(5));
        host.Dispose();
    }
}
