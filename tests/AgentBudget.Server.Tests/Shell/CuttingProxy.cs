using System.Net;
using System.Net.Sockets;

namespace AgentBudget.Server.Tests.Shell;

/// <summary>Stands before a server on loopback, and is gone with all its connections when the client has sent something for so many
/// times: what a client sees of a server that is killed in the middle.</summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource cut = new();
    private readonly int server;
    private readonly Task accepting;
    private int left;

    public CuttingProxy(int server, int afterMessages)
    {
        (this.server, left) = (server, afterMessages);
        listener.Start();
        accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public bool IsCut => cut.IsCancellationRequested;

    public async ValueTask DisposeAsync()
    {
        await CutAsync();
        await accepting;
        cut.Dispose();
    }

    private async Task CutAsync()
    {
        await cut.CancelAsync();
        listener.Stop();
    }

    private async Task AcceptAsync()
    {
        var carrying = new List<Task>();
        try
        {
            while (true)
                carrying.Add(CarryAsync(await listener.AcceptTcpClientAsync(cut.Token)));
        }
        catch (Exception exception) when (IsTheCut(exception))
        {
            await Task.WhenAll(carrying);
        }
    }

    private async Task CarryAsync(TcpClient client)
    {
        using var near = client;
        using var far = new TcpClient();
        try
        {
            await far.ConnectAsync(IPAddress.Loopback, server, cut.Token);
            await Task.WhenAny(CopyAsync(near, far, isCounted: true), CopyAsync(far, near, isCounted: false));
        }
        catch (Exception exception) when (IsTheCut(exception)) { }
    }

    private async Task CopyAsync(TcpClient from, TcpClient to, bool isCounted)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.GetStream().ReadAsync(buffer, cut.Token) is > 0 and var read)
            {
                if (isCounted && Interlocked.Decrement(ref left) == 0)
                {
                    await CutAsync();
                    return;
                }

                await to.GetStream().WriteAsync(buffer.AsMemory(0, read), cut.Token);
            }
        }
        catch (Exception exception) when (IsTheCut(exception)) { }
    }

    private static bool IsTheCut(Exception exception) =>
        exception is OperationCanceledException or SocketException or IOException or ObjectDisposedException or InvalidOperationException;
}
