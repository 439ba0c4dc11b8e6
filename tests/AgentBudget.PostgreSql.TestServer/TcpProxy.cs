using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace AgentBudget.PostgreSql.TestServer;

/// <summary>
/// Stands between a client and a server on loopback, and can do what networks do: break connections off, or take a request along and
/// lose its answer.
/// </summary>
public sealed class TcpProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentDictionary<Link, bool> links = [];
    private readonly int serverPort;
    private readonly Task accepting;
    private TaskCompletionSource? answerLost;

    /// <summary>Makes a proxy to a port of this machine.</summary>
    public TcpProxy(int serverPort)
    {
        this.serverPort = serverPort;
        listener.Start();
        accepting = AcceptAsync();
    }

    /// <summary>The port to connect to.</summary>
    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>
    /// From now on the next answer of the server is lost, and its connection with it: what was asked has been done, and nobody is told.
    /// The task ends when that has happened.
    /// </summary>
    public Task LoseNextAnswer()
    {
        var lost = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref answerLost, lost);
        return lost.Task;
    }

    /// <summary>Breaks all connections off.</summary>
    public void Cut()
    {
        foreach (var link in links.Keys)
            link.Dispose();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        Cut();
        await accepting;
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync(stop.Token);
                _ = CarryAsync(client);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException) { }
    }

    private async Task CarryAsync(TcpClient client)
    {
        var link = new Link(client, new TcpClient());
        links[link] = true;
        try
        {
            await link.Server.ConnectAsync(IPAddress.Loopback, serverPort, stop.Token);
            await Task.WhenAny(
                PumpAsync(link.Client.GetStream(), link.Server.GetStream(), mayLose: false),
                PumpAsync(link.Server.GetStream(), link.Client.GetStream(), mayLose: true)
            );
        }
        catch (Exception exception) when (IsEnd(exception)) { }
        finally
        {
            link.Dispose();
            links.TryRemove(link, out _);
        }
    }

    private async Task PumpAsync(NetworkStream from, NetworkStream to, bool mayLose)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReadAsync(buffer, stop.Token) is > 0 and var read)
            {
                if (mayLose && Interlocked.Exchange(ref answerLost, null) is { } lost)
                {
                    lost.SetResult();
                    return;
                }

                await to.WriteAsync(buffer.AsMemory(0, read), stop.Token);
            }
        }
        catch (Exception exception) when (IsEnd(exception)) { }
    }

    private static bool IsEnd(Exception exception) =>
        exception is IOException or SocketException or ObjectDisposedException or OperationCanceledException or InvalidOperationException;

    private sealed record Link(TcpClient Client, TcpClient Server) : IDisposable
    {
        public void Dispose()
        {
            Client.Dispose();
            Server.Dispose();
        }
    }
}
