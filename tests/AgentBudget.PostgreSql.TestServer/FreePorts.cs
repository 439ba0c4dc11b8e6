using System.Net;
using System.Net.Sockets;

namespace AgentBudget.PostgreSql.TestServer;

/// <summary>
/// Finds ports of loopback that nobody uses, below those that the system hands out by itself: one of these could become the near end of
/// somebody's connection before it is listened on, or while a process that was killed is started again.
/// </summary>
public static class FreePorts
{
    private const int First = 15_000;
    private const int AfterLast = 32_000;

    /// <summary>So many ports, all different.</summary>
    public static int[] Find(int count)
    {
        var found = new HashSet<int>();
        while (found.Count < count)
        {
            var port = Random.Shared.Next(First, AfterLast);
            if (IsFree(port))
                found.Add(port);
        }

        return [.. found];
    }

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
