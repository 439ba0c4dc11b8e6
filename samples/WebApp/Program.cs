using System.ClientModel;
using AgentBudget;
using FakeProvider;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenAI;

// A web application in which each user has a budget. Without a key it asks the provider on loopback that comes with the samples. With
// OPENAI_API_KEY it asks the real one, and costs real money: at most the budgets.
await using var provider = await LoopbackProvider.StartAsync();
var key = Environment.GetEnvironmentVariable("OPENAI_API_KEY");
var endpoint = key is null ? new Uri(provider.Address, "v1/") : new Uri("https://api.openai.com/v1/");
var openAi = new OpenAIClient(new ApiKeyCredential(key ?? "none"), new OpenAIClientOptions { Endpoint = endpoint });
await using var budget = await EmbeddedAgentBudget.StartAsync(options => options.Path = null);
var budgetOfAUser = new BudgetSessionOptions { Budget = Money.Parse("0.0002") };

var builder = WebApplication.CreateBuilder();
builder.Logging.ClearProviders();
builder.WebHost.UseUrls("http://127.0.0.1:0");
builder.Services.AddChatClient(openAi.GetChatClient("gpt-5").AsIChatClient()).UseAgentBudget(); // the session that is entered pays
await using var app = builder.Build();
app.Use(
    async (context, next) =>
    {
        // Opened already, it is the same session; who signed in has an id of their own, which is not taken from the address as here.
        var session = await budget.Client.OpenAsync(budgetOfAUser, $"user-{context.Request.Query["user"]}");
        using (session.Enter())
            await next(context);
    }
);
app.MapGet(
    "/ask",
    async (IChatClient chat, string question) =>
    {
        try
        {
            var answer = await chat.GetResponseAsync(question, new ChatOptions { MaxOutputTokens = 8 });
            return Results.Text(answer.Text);
        }
        catch (MoneyRefusedException refused)
        {
            return Results.Problem(refused.Message, statusCode: 402);
        }
    }
);
await app.StartAsync();

// Two users: one asks until the money is used up, which is nothing to the other.
using var browser = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
foreach (var user in (string[])["ann", "ann", "ann", "bob"])
{
    using var answer = await browser.GetAsync($"/ask?user={user}&question=Say%20hello.");
    Console.WriteLine($"{user}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
}

Console.WriteLine(await budget.Client.Get("user-ann").ReportAsync());
