using AgentBudget;
using Anthropic;
using Anthropic.Models.Messages;

namespace RawSdks;

/// <summary>Anthropic's client; any other that takes an <see cref="HttpClient"/> goes the same way.</summary>
internal static class AnthropicSdk
{
    public static async Task<string> RunAsync(BudgetSession session, string key, string endpoint)
    {
        var client = new AnthropicClient
        {
            ApiKey = key,
            BaseUrl = endpoint,
            HttpClient = session.HttpClient(),
        };
        var question = new MessageCreateParams
        {
            Model = "claude-sonnet-5",
            MaxTokens = 1_000,
            Messages = [new UserMessageParam { Content = "Say hello." }],
        };
        var text = "";
        await foreach (var next in client.Messages.CreateStreaming(question))
        {
            if (next.TryPickContentBlockDelta(out var delta) && delta.Delta.TryPickText(out var piece))
                text += piece.Text;
        }

        return text;
    }
}
