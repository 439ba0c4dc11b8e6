using System.Net;
using System.Net.Sockets;

namespace AgentBudget;

/// <summary>Finds a port for the silo. Another program may take it between finding and use; then the start is tried again.</summary>
internal static class FreePort
{
    public static int Find()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public static bool WasTaken(Exception? exception) =>
        exception switch
        {
            null => false,
            SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse } => true,
            AggregateException aggregate => aggregate.InnerExceptions.Any(WasTaken),
            _ => WasTaken(exception.InnerException),
        };
}
