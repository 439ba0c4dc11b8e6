using System.Net.Sockets;
using AgentBudget.Cli.Input;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentBudget.Cli.Ledgers;

/// <summary>A running server, as its clients reach it. Every wait has an end.</summary>
internal sealed class ServerConnection : ILedgerConnection
{
    private static readonly TimeSpan ReachWithin = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan ConnectWithin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RetryFor = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan DisconnectWithin = TimeSpan.FromSeconds(2);

    private readonly IHost host;

    private ServerConnection(IHost host) => this.host = host;

    public AgentBudgetClient Client => host.Services.GetRequiredService<AgentBudgetClient>();

    public IGrainFactory Grains => host.Services.GetRequiredService<IGrainFactory>();

    /// <summary>Connects.</summary>
    /// <exception cref="CommandFailedException">Nobody listens there, or not who should; the message names the mend.</exception>
    public static async Task<ServerConnection> OpenAsync(ServerAddress address, TimeProvider time, CancellationToken cancellationToken)
    {
        await EnsureListensAsync(address, cancellationToken);
        var host = Build(address, time);
        try
        {
            await host.StartAsync(cancellationToken).WaitAsync(ConnectWithin, cancellationToken);
            return new ServerConnection(host);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // What Orleans says of it speaks of silos and sockets, and of nothing that helps here.
            await DisconnectAsync(host);
            throw new CommandFailedException(
                $"Something listens at {address}, but no server of the cluster \"{address.Cluster}\" answers there. Name the server's "
                    + "own port for clients (Silo:GatewayPort, 30000 by default; a tunnel has to have the same), and its "
                    + "Cluster:ClusterId with --cluster."
            );
        }
        catch
        {
            await DisconnectAsync(host);
            throw;
        }
    }

    public async ValueTask DisposeAsync() => await DisconnectAsync(host);

    // Orleans would try for as long, and not say which it was.
    private static async Task EnsureListensAsync(ServerAddress address, CancellationToken cancellationToken)
    {
        using var socket = new TcpClient();
        try
        {
            await socket.ConnectAsync(address.Host, address.Port, cancellationToken).AsTask().WaitAsync(ReachWithin, cancellationToken);
        }
        catch (SocketException exception)
            when (exception.SocketErrorCode is SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain)
        {
            throw new CommandFailedException(
                $"--server {address}: the name {address.Host} is not known here; check it, or write an address."
            );
        }
        catch (SocketException)
        {
            throw new CommandFailedException(
                $"Nothing listens at {address}; start the server, or name its port for clients (Silo:GatewayPort, 30000 by default)."
            );
        }
        catch (TimeoutException)
        {
            throw new CommandFailedException(
                $"Nobody answers at {address} within {ReachWithin.TotalSeconds:0} seconds; check the address, and that no firewall is "
                    + "between."
            );
        }
    }

    private static IHost Build(ServerAddress address, TimeProvider time)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(time);
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.AddAgentBudgetClient(
            connection =>
            {
                connection.Gateways = [address.ToString()];
                connection.ClusterId = address.Cluster;
                // It listens: one that does not take us at once will not.
                connection.ConnectFor = TimeSpan.Zero;
            },
            // A person waits for the answer.
            client => client.RetryFor = RetryFor
        );
        return builder.Build();
    }

    private static async Task DisconnectAsync(IHost host)
    {
        try
        {
            using var timeout = new CancellationTokenSource(DisconnectWithin);
            await host.StopAsync(timeout.Token).WaitAsync(DisconnectWithin);
            host.Dispose();
        }
        catch (Exception)
        {
            // The process ends in a moment, and the connection with it.
        }
    }

    // What a signal does is the tool's to say.
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
