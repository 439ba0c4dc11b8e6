using System.ClientModel;
using AgentBudget;
using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;
using OpenAI;

namespace AgentFramework;

/// <summary>Agents that share a budget and cannot spend each other's slice of it.</summary>
internal static class Team
{
    public static async Task<string[]> RunAsync(BudgetSession session, string key, Uri endpoint)
    {
        var openAi = new OpenAIClient(new ApiKeyCredential(key), new OpenAIClientOptions { Endpoint = endpoint });

        // Carved children: their money is set aside in the session at once, and what they do not spend comes back.
        await using var research = await session.OpenChildAsync("researcher", "0.40");
        await using var writing = await session.OpenChildAsync("writer", "0.30");
        var researcher = new ChatClientAgent(
            openAi.GetChatClient("gpt-5").AsIChatClient().WithBudget(research),
            "You search.",
            "researcher"
        );
        var writer = new ChatClientAgent(openAi.GetChatClient("gpt-5").AsIChatClient().WithBudget(writing), "You write.", "writer");

        var answers = await Task.WhenAll(researcher.RunAsync("What is a hard limit?"), writer.RunAsync("Write a line on budgets."));
        return [.. answers.Select(answer => answer.Text)];
    }
}
