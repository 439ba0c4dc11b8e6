using Microsoft.Extensions.AI;

namespace AgentBudget.Extensions.AI.Chat;

/// <summary>How much goes out with a call, at most.</summary>
internal static class ChatPrompt
{
    // Sound is a token for each 100 ms at the most sparing bit rates; no file has more tokens than bytes.
    private const long AudioBytesPerToken = 20;

    /// <summary>The tokens of messages, instructions and tools.</summary>
    public static long TokensOf(string model, IReadOnlyList<ChatMessage> messages, ChatOptions? options, AgentBudgetChatOptions budget)
    {
        var texts = new List<string?>(messages.Count + 2) { options?.Instructions };
        long beside = options?.ConversationId is null ? 0 : budget.TokensOfKeptContext;
        foreach (var message in messages)
        {
            foreach (var content in message.Contents)
                beside += Add(content, texts, budget);
        }

        if (options?.ResponseFormat is ChatResponseFormatJson { Schema: { } schema })
            texts.Add(schema.GetRawText());
        return TokenEstimator.Shared.Estimate(model, new PromptText(texts, ToolsOf(options))) + beside;
    }

    /// <summary>What the call can use beside its tokens.</summary>
    public static TokenUsage BesideOf(ChatOptions? options, AgentBudgetChatOptions budget)
    {
        foreach (var tool in options?.Tools ?? [])
        {
            if (tool is HostedWebSearchTool)
                return default(TokenUsage) with { WebSearches = budget.Searches };
        }

        return default;
    }

    private static List<string?>? ToolsOf(ChatOptions? options)
    {
        if (options?.Tools is not { Count: > 0 } all)
            return null;
        var tools = new List<string?>(all.Count);
        foreach (var tool in all)
        {
            var schema = tool is AIFunctionDeclaration function ? function.JsonSchema.GetRawText() : "";
            tools.Add($"{tool.Name} {tool.Description} {schema}");
        }

        return tools;
    }

    // Adds its text, and returns the tokens of what is none.
    private static long Add(AIContent content, List<string?> texts, AgentBudgetChatOptions budget)
    {
        switch (content)
        {
            case TextContent { Text: var text }:
                texts.Add(text);
                return 0;
            case TextReasoningContent thought:
                // What a provider sends back sealed is no shorter than the thought.
                texts.Add(thought.Text);
                return thought.ProtectedData?.Length ?? 0;
            case FunctionCallContent call:
                texts.Add(ContentText.Of(call));
                return 0;
            case FunctionResultContent result:
                texts.Add(ContentText.Json(result.Result));
                return 0;
            case DataContent data:
                return data.HasTopLevelMediaType("image") ? budget.TokensPerPicture
                    : data.HasTopLevelMediaType("audio") ? (data.Data.Length + AudioBytesPerToken - 1) / AudioBytesPerToken
                    : data.Data.Length;
            case UriContent far:
                return far.HasTopLevelMediaType("image") ? budget.TokensPerPicture : budget.TokensOfKeptContext;
            case HostedFileContent or HostedVectorStoreContent:
                return budget.TokensOfKeptContext;
            case UsageContent:
                return 0;
            default:
                texts.Add(ContentText.Json(content));
                return 0;
        }
    }
}
