using AgentBudget.Server.Tests.Processes;

namespace AgentBudget.Server.Tests.Shell;

/// <summary>A server as a process, its ledger in a SQLite file, for the tests of one class.</summary>
public sealed class ServerFixture : IAsyncLifetime
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("agentbudget-shell-");
    private ServerProcess? server;

    internal ServerProcess Server => server!;

    internal ServerPorts Ports => Server.Ports;

    /// <summary>The file of its export of costs, <c>bill</c>: those of the tenant <c>paying</c>, for nobody else has a customer.</summary>
    internal string Bill => Path.Combine(folder.FullName, "costs.jsonl");

    /// <summary>The option that names it.</summary>
    internal string[] Option => ["--server", Ports.GatewayAddress];

    public async ValueTask InitializeAsync()
    {
        server = ServerProcess.Start(
            ServerPorts.New(),
            [
                new("AgentBudget__Sqlite__Path", folder.FullName),
                new("AgentBudget__Billing__Exports__0__Name", "bill"),
                new("AgentBudget__Billing__Exports__0__Path", Bill),
                new("AgentBudget__Billing__Exports__0__FromStart", "true"),
                new("AgentBudget__Billing__Exports__0__Customers__paying", "cus_paying"),
            ]
        );
        await server.WhenReadyAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (server is not null)
            await server.DisposeAsync();
        folder.Delete(recursive: true);
    }
}
