using AgentBudget;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

// An agent in a process of its own; the budget is kept by servers. Any of the gateways will do, and the rest may be down.
var builder = Host.CreateApplicationBuilder(args);
builder.Services.AddAgentBudgetClient(connection => connection.Gateways = args is [] ? ["localhost:30000", "localhost:30001"] : args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
using var host = builder.Build();
await host.StartAsync();

var budget = host.Services.GetRequiredService<AgentBudgetClient>();
await using (var session = await budget.OpenAsync("$2.00"))
{
    var pages = await session.TrackAsync("three pages", "web_search", "$0.01");
    Console.WriteLine($"{pages}, from a budget in another process");
    Console.WriteLine(await session.ReportAsync());
}

await host.StopAsync();
