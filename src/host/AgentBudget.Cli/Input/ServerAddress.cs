using System.Globalization;

namespace AgentBudget.Cli.Input;

/// <summary>Which server a command works on: where its clients' port is, and the cluster that it says it is of.</summary>
/// <param name="Host">The machine's name or address.</param>
/// <param name="Port">The port for clients.</param>
/// <param name="Cluster">The cluster's id.</param>
internal sealed record ServerAddress(string Host, int Port, string Cluster)
{
    /// <summary>The cluster of a server that was not told otherwise.</summary>
    public const string DefaultCluster = "agentbudget";

    /// <summary>As it is written on a command line.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}");

    /// <summary>Reads an address.</summary>
    public static ServerAddress Parse(string text, string? cluster)
    {
        var colon = text.LastIndexOf(':');
        var host = colon > 0 ? text[..colon].TrimStart('[').TrimEnd(']') : "";
        var isPort = int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port);
        if (!isPort || port is < 1 or > 65_535 || Uri.CheckHostName(host) == UriHostNameType.Unknown)
            throw new UsageException(
                $"--server \"{text}\" is no address of a server; write its name and its port for clients, such as localhost:30000."
            );
        cluster ??= DefaultCluster;
        if (string.IsNullOrWhiteSpace(cluster) || cluster.Length > Bounds.IdLength)
            throw new UsageException($"--cluster must have 1 to {Bounds.IdLength} characters; write the server's Cluster:ClusterId.");
        return new ServerAddress(host, port, cluster);
    }
}
