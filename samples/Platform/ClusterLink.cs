using AgentBudget;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace Platform;

/// <summary>A client of the silos, which finds them through the database.</summary>
internal sealed class ClusterLink : IAsyncDisposable
{
    private readonly IHost host;

    private ClusterLink(IHost host) => this.host = host;

    public IGrainFactory Grains => host.Services.GetRequiredService<IClusterClient>();

    public static async Task<ClusterLink> StartAsync()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Critical);
        builder.UseOrleansClient(client =>
        {
            client.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (Names.ClusterId, Names.ClusterId));
            client.UsePostgreSqlClustering(Names.Database);
        });
        var host = builder.Build();
        await host.StartAsync();
        return new ClusterLink(host);
    }

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        host.Dispose();
    }
}
