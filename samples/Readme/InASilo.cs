using AgentBudget;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Readme;

/// <summary>How silos and clients of one's own are set up. Compiled, and run by nobody: they need a database, and servers.</summary>
internal static class InASilo
{
    public static void OnSqlite(ISiloBuilder siloBuilder)
    {
        siloBuilder.AddAgentBudget().AddSqliteLedgerStore(options => options.Path = "/var/lib/budget");
    }

    public static void InACluster(ISiloBuilder siloBuilder, IClientBuilder clientBuilder, string database)
    {
        siloBuilder
            .AddAgentBudget()
            .AddPostgreSqlLedgerStore(options => options.ConnectionStrings.Add(database))
            .UsePostgreSqlClustering(database);
        clientBuilder.AddAgentBudget().UsePostgreSqlClustering(database);
    }

    public static void WithFailover(ISiloBuilder siloBuilder)
    {
        siloBuilder
            .AddAgentBudget()
            .AddPostgreSqlLedgerStore(options => options.ConnectionStrings.Add("Host=db;Database=budget;Username=budget;Password=…"))
            .UsePostgreSqlClustering("Host=db;Database=budget;Username=budget;Password=…")
            .UseAgentBudgetFailover(); // short probes; without it a dead silo is noticed by Orleans' own, longer ones
    }

    public static async Task<BudgetSession> FromAnotherProcessAsync(string[] args)
    {
        var builder = Host.CreateApplicationBuilder(args);
        builder.Services.AddAgentBudgetClient(connection => connection.Gateways = ["localhost:30000", "localhost:30001"]);
        var host = builder.Build();
        await host.StartAsync();
        var budget = host.Services.GetRequiredService<AgentBudgetClient>();
        return await budget.OpenAsync("$2.00");
    }
}
