using AgentBudget;
using AgentFramework;
using FakeProvider;

// Two agents of the Agent Framework side by side, each with a slice of one session's money. Without a key they run against the provider
// on loopback that comes with the samples. With OPENAI_API_KEY they call the real one, and cost real money: at most the budget.
await using var provider = await LoopbackProvider.StartAsync();
var key = Environment.GetEnvironmentVariable("OPENAI_API_KEY");
var endpoint = key is null ? new Uri(provider.Address, "v1/") : new Uri("https://api.openai.com/v1/");

await using var budget = await EmbeddedAgentBudget.StartAsync(options => options.Path = null);
await using var session = await budget.OpenAsync("$1.00");

var answers = await Team.RunAsync(session, key ?? "none", endpoint);
foreach (var answer in answers)
    Console.WriteLine(answer);

var report = await session.ReportAsync();
foreach (var child in report.Children)
    Console.WriteLine($"{child.Name}: {child.Spent}");
Console.WriteLine(report);
