using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AgentBudget.Server.Tests.Processes;

/// <summary>A program that is not a silo, with a budget kept by servers.</summary>
internal sealed class ClientHost : IAsyncDisposable
{
    private readonly IHost host;

    private ClientHost(IHost host) => this.host = host;

    public AgentBudgetClient Budget => host.Services.GetRequiredService<AgentBudgetClient>();

    public static async Task<ClientHost> ConnectAsync(IEnumerable<ServerPorts> servers, TimeSpan retryFor, TimeSpan? connectFor = null)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddAgentBudgetClient(
            connection =>
            {
                connection.Gateways = [.. servers.Select(server => server.GatewayAddress)];
                connection.ConnectFor = connectFor ?? connection.ConnectFor;
                connection.GatewayRefreshInterval = TimeSpan.FromSeconds(1);
            },
            client => client.RetryFor = retryFor
        );
        var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        return new ClientHost(host);
    }

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync(CancellationToken.None);
        host.Dispose();
    }
}
