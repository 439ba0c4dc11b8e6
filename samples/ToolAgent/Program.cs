using AgentBudget;
using FakeProvider;
using ToolAgent;

// An agent with the tools of an MCP server, whose model asks for the same search again and again. Without a key it runs against the
// provider on loopback that comes with the samples. With OPENAI_API_KEY it calls the real one, and costs real money: at most the budget.
await using var provider = await LoopbackProvider.StartAsync();
provider.Always = Script.Normal with { Tool = "search", Pieces = ["{\"query\":", "\"hard limits\"}"] };
var key = Environment.GetEnvironmentVariable("OPENAI_API_KEY");
var endpoint = key is null ? new Uri(provider.Address, "v1/") : new Uri("https://api.openai.com/v1/");

await using var budget = await EmbeddedAgentBudget.StartAsync(options => options.Path = null);
await using var server = await SearchServer.StartAsync(budget.Client);
await using var session = await budget.OpenAsync("$0.50");

var response = await Agent.RunAsync(session, key ?? "none", endpoint, SearchServer.AddressOf(server));

Console.WriteLine(
    response.GetBudgetStop() is { } stop ? $"The budget ended the turn: {stop.Kind}, {stop.Reason}." : $"The agent says: {response.Text}"
);
if (key is null)
    Console.WriteLine($"The provider saw {provider.Calls.Count} calls, and bills ${provider.Bill}.");
Console.WriteLine(await session.ReportAsync());
