using System.ClientModel;
using AgentBudget;
using OpenAI;
using OpenAI.Chat;

namespace RawSdks;

/// <summary>OpenAI's client, and Azure's, which is one of the same kind.</summary>
internal static class OpenAiSdk
{
    public static async Task<string> RunAsync(BudgetSession session, string key, Uri endpoint)
    {
        var client = new OpenAIClient(new ApiKeyCredential(key), new OpenAIClientOptions { Endpoint = endpoint }.WithBudget(session));
        ChatCompletion answer = await client.GetChatClient("gpt-5").CompleteChatAsync("Say hello.");
        return answer.Content[0].Text;
    }
}
