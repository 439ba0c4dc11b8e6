using System.ClientModel;
using AgentBudget;
using FakeProvider;
using GrainAgent;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using OpenAI;

// An agent that lives in a grain, beside the ledger in one silo. Without a key it runs against the provider on loopback that comes with
// the samples. With OPENAI_API_KEY it calls the real one, and costs real money: at most the budget.
await using var provider = await LoopbackProvider.StartAsync();
var key = Environment.GetEnvironmentVariable("OPENAI_API_KEY");
var endpoint = key is null ? new Uri(provider.Address, "v1/") : new Uri("https://api.openai.com/v1/");
var openAi = new OpenAIClient(new ApiKeyCredential(key ?? "none"), new OpenAIClientOptions { Endpoint = endpoint });

await using var budget = await EmbeddedAgentBudget.StartAsync(options =>
{
    options.Path = null;
    options.ConfigureSilo = silo =>
    {
        silo.Services.AddAgentBudgetSessionFlow(); // what is entered here is entered in the grain
        silo.Services.AddChatClient(openAi.GetChatClient("gpt-5").AsIChatClient()).UseAgentBudget();
    };
});
await using var session = await budget.OpenAsync("$0.05");

var agent = budget.Grains.GetGrain<IAgentGrain>("ann");
using (session.Enter())
{
    Console.WriteLine(await agent.AskAsync("Say hello."));
    Console.WriteLine(await agent.AskAsync("And again."));
}

Console.WriteLine(await session.ReportAsync());
