using System.Net;
using System.Net.Sockets;

namespace AgentBudget.Webhooks.Addresses;

/// <summary>A name leads to an address that may not be posted to.</summary>
internal sealed class RefusedAddressException(string message) : IOException(message);

/// <summary>
/// Connects to names: looks one up, looks at every address that comes, and connects to these and no others. What is looked at is what is
/// connected to, so that a name which leads elsewhere a moment later leads nowhere.
/// </summary>
/// <param name="resolve">Looks a name up.</param>
/// <param name="mayBeAnywhere">Whether addresses that are not public may be connected to: for development.</param>
internal sealed class PinnedConnections(Func<string, CancellationToken, Task<IPAddress[]>> resolve, bool mayBeAnywhere)
{
    /// <summary>The addresses of a name, all of which may be posted to.</summary>
    /// <exception cref="RefusedAddressException">One of them may not. Which, is not said: it may be the operator's own.</exception>
    public async Task<IPAddress[]> FindAsync(string host, CancellationToken cancellationToken)
    {
        var found = IPAddress.TryParse(host, out var address) ? [address] : await resolve(host, cancellationToken);
        if (found.Length == 0)
            throw new SocketException((int)SocketError.HostNotFound);
        return mayBeAnywhere || Array.TrueForAll(found, PublicAddress.Is)
            ? found
            : throw new RefusedAddressException("its name leads to an address that is not public; nothing was sent");
    }

    /// <summary>Connects, for <see cref="SocketsHttpHandler.ConnectCallback"/>.</summary>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var addresses = await FindAsync(context.DnsEndPoint.Host, cancellationToken);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
