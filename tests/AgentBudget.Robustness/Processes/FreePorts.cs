using System.Net;
using System.Net.Sockets;

namespace AgentBudget.Robustness.Processes;

/// <summary>Finds ports of loopback that nobody uses.</summary>
internal static class FreePorts
{
    /// <summary>So many ports, all different.</summary>
    public static int[] Find(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        foreach (var listener in listeners) listener.Start();
        var ports = listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port).ToArray();
        foreach (var listener in listeners) listener.Dispose();
        return ports;
    }
}
