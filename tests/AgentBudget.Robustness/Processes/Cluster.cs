using AgentBudget.PostgreSql.TestServer;
using AgentBudget.Robustness.Roles;

namespace AgentBudget.Robustness.Processes;

/// <summary>A PostgreSQL, three silos and clients, each a process of its own.</summary>
internal sealed class Cluster(string folder, Action<string> tell, TimeProvider time) : IAsyncDisposable
{
    private const int SiloCount = 3;
    private static readonly TimeSpan ClientStartPatience = TimeSpan.FromMinutes(3);

    private readonly List<RoleProcess> clients = [];
    private readonly List<PostgreSqlServer> servers = [];

    /// <summary>The silos.</summary>
    public SiloProcesses Silos { get; } = new(folder, SiloCount, tell, time);

    /// <summary>The clients.</summary>
    public IReadOnlyList<RoleProcess> Clients => clients;

    /// <summary>The database servers: one for each partition; the first holds the membership as well.</summary>
    public IReadOnlyList<PostgreSqlServer> Servers => servers;

    /// <summary>Starts databases and silos.</summary>
    /// <param name="partitions">How many databases the ledger is spread over.</param>
    /// <param name="make">Makes what the roles are told, of empty databases and the silos' ports.</param>
    public async Task<RoleFile> StartAsync(int partitions, Func<string[], SiloPorts[], RoleFile> make)
    {
        var databases = new List<string>();
        for (var i = 0; i < partitions; i++)
        {
            servers.Add(await PostgreSqlServer.StartNewAsync(CancellationToken.None));
            databases.Add(await servers[i].CreateDatabaseAsync(CancellationToken.None));
        }

        var ports = FreePorts.Find(2 * SiloCount);
        var file = make(
            [.. databases],
            [.. Enumerable.Range(0, SiloCount).Select(index => new SiloPorts(ports[2 * index], ports[(2 * index) + 1]))]
        );
        file.Write(folder);
        tell($"PostgreSQL runs on ports {string.Join(", ", servers.Select(server => server.Port))}; starting {SiloCount} silos");
        await Silos.StartAllAsync();
        return file;
    }

    /// <summary>Starts clients, and waits until all of them work.</summary>
    public async Task StartClientsAsync(string role, int count)
    {
        for (var i = 0; i < count; i++)
            clients.Add(RoleProcess.Start(role, folder, i));
        foreach (var client in clients)
            await client.WhenReadyAsync(ClientStartPatience);
    }

    /// <summary>Lets the clients come to an end.</summary>
    /// <param name="patience">How long each may take.</param>
    /// <returns>What those said that did not end well.</returns>
    public async Task<IReadOnlyList<string>> EndClientsAsync(TimeSpan patience)
    {
        var bad = new List<string>();
        foreach (var client in clients)
            await client.TellAsync("stop");
        foreach (var client in clients)
        {
            if (!await client.WhenExitedAsync(patience) || client.ExitCode != 0)
                bad.Add(client.LastLines);
        }

        return bad;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in clients)
            await client.DisposeAsync();
        await Silos.DisposeAsync();
        foreach (var server in servers)
            await server.DisposeAsync();
    }
}
