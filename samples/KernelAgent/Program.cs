using System.ClientModel;
using AgentBudget;
using FakeProvider;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.SemanticKernel;
using OpenAI;

// Semantic Kernel takes the chat client from its services. Without a key it runs against the provider on loopback that comes with the
// samples. With OPENAI_API_KEY it calls the real one, and costs real money: at most the budget.
await using var provider = await LoopbackProvider.StartAsync();
var key = Environment.GetEnvironmentVariable("OPENAI_API_KEY");
var endpoint = key is null ? new Uri(provider.Address, "v1/") : new Uri("https://api.openai.com/v1/");
var openAi = new OpenAIClient(new ApiKeyCredential(key ?? "none"), new OpenAIClientOptions { Endpoint = endpoint });

await using var budget = await EmbeddedAgentBudget.StartAsync(options => options.Path = null);
await using var session = await budget.OpenAsync("$0.05");

var builder = Kernel.CreateBuilder();
builder.Services.AddSingleton(openAi.GetChatClient("gpt-5").AsIChatClient().WithBudget(session));
var answer = await builder.Build().InvokePromptAsync<string>("Say hello.");

Console.WriteLine(answer);
Console.WriteLine(await session.ReportAsync());
