using AgentBudget.PostgreSql.TestServer;
using AgentBudget.Robustness.Roles;

namespace AgentBudget.Robustness.Processes;

/// <summary>A PostgreSQL, three silos and clients, each a process of its own.</summary>
internal sealed class Cluster(string folder, Action<string> tell, TimeProvider time) : IAsyncDisposable
{
    private const int SiloCount = 3;
    private static readonly TimeSpan ClientStartPatience = TimeSpan.FromMinutes(3);

    private readonly List<RoleProcess> clients = [];
    private PostgreSqlServer? server;

    /// <summary>The silos.</summary>
    public SiloProcesses Silos { get; } = new(folder, SiloCount, tell, time);

    /// <summary>The clients.</summary>
    public IReadOnlyList<RoleProcess> Clients => clients;

    /// <summary>The database server.</summary>
    public PostgreSqlServer Server => server ?? throw new InvalidOperationException("The cluster has not been started.");

    /// <summary>Starts database and silos.</summary>
    /// <param name="make">Makes what the roles are told, of an empty database and the silos' ports.</param>
    public async Task<RoleFile> StartAsync(Func<string, SiloPorts[], RoleFile> make)
    {
        server = await PostgreSqlServer.StartNewAsync(CancellationToken.None);
        var ports = FreePorts.Find(2 * SiloCount);
        var file = make(
            await server.CreateDatabaseAsync(CancellationToken.None),
            [.. Enumerable.Range(0, SiloCount).Select(index => new SiloPorts(ports[2 * index], ports[(2 * index) + 1]))]
        );
        file.Write(folder);
        tell($"PostgreSQL runs on port {server.Port}; starting {SiloCount} silos");
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
        if (server is not null)
            await server.DisposeAsync();
    }
}
