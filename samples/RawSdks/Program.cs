using AgentBudget;
using FakeProvider;
using RawSdks;

// Without keys everything goes to the provider on loopback that comes with the samples. With OPENAI_API_KEY or ANTHROPIC_API_KEY those
// calls go to the real ones, and cost real money: at most the budget.
await using var provider = await LoopbackProvider.StartAsync();
var openAiKey = Environment.GetEnvironmentVariable("OPENAI_API_KEY");
var openAi = openAiKey is null ? new Uri(provider.Address, "v1/") : new Uri("https://api.openai.com/v1/");
var anthropicKey = Environment.GetEnvironmentVariable("ANTHROPIC_API_KEY");
var anthropic = anthropicKey is null ? provider.Address.ToString().TrimEnd('/') : "https://api.anthropic.com";

await using var budget = await EmbeddedAgentBudget.StartAsync(options => options.Path = null);
await using var session = await budget.OpenAsync("$0.05");

Console.WriteLine($"OpenAI's client says {await OpenAiSdk.RunAsync(session, openAiKey ?? "none", openAi)}");
Console.WriteLine($"Anthropic's client says {await AnthropicSdk.RunAsync(session, anthropicKey ?? "none", anthropic)}");
Console.WriteLine($"A client of the factory was answered with {await AllClients.RunAsync(session, openAiKey ?? "none", openAi)}");
Console.WriteLine(await session.ReportAsync());

// What does not fit is clamped to what is left, and refused when too little is left for an answer: nothing is sent.
await using var poor = await budget.OpenAsync("$0.0001");
try
{
    await OpenAiSdk.RunAsync(poor, openAiKey ?? "none", openAi);
}
catch (MoneyRefusedException refused)
{
    Console.WriteLine($"Refused before it was sent: {refused.Message}");
}
