using AgentBudget.Extensions.AI.Chat;
using AgentBudget.Extensions.AI.Tests.Fakes;
using Microsoft.Extensions.AI;

#pragma warning disable SCME0001 // Patches of requests are marked as what may change.

namespace AgentBudget.Extensions.AI.Tests.Chat;

/// <summary>How much goes out with a call. Traps 10 and 22.</summary>
public sealed class PromptTests
{
    private static readonly AgentBudgetChatOptions Budget = new() { TellsFrom = null };

    // Text in base64 would be hundreds of thousands of tokens.
    [Fact]
    public void Pictures_AreNotTextTokens()
    {
        var picture = new DataContent(new byte[300_000], "image/png");
        var with = Tokens([new ChatMessage(ChatRole.User, [new TextContent("What is this?"), picture])]);
        var without = Tokens([new ChatMessage(ChatRole.User, "What is this?")]);
        Assert.InRange(with - without, Budget.TokensPerPicture, Budget.TokensPerPicture + 16);
    }

    [Fact]
    public void Tools_Schemas_CallsAndResults_AreCounted()
    {
        var tool = AIFunctionFactory.Create((string query, int pages) => query + pages, "search", "Searches the web for pages.");
        var bare = Tokens([new ChatMessage(ChatRole.User, "Search.")]);
        Assert.True(Tokens([new ChatMessage(ChatRole.User, "Search.")], new() { Tools = [tool] }) > bare + 30);
        var arguments = new Dictionary<string, object?> { ["query"] = "what a hard limit is and what it is not" };
        var call = new ChatMessage(ChatRole.Assistant, [new FunctionCallContent("1", "search", arguments)]);
        var result = new ChatMessage(ChatRole.Tool, [new FunctionResultContent("1", new { pages = "a page about hard limits" })]);
        Assert.True(Tokens([new ChatMessage(ChatRole.User, "Search."), call, result]) > bare + 20);
    }

    [Fact]
    public void Search_ByTheProvider_IsSetAside() =>
        Assert.Equal(5, ChatPrompt.BesideOf(new() { Tools = [new HostedWebSearchTool()] }, Budget).WebSearches);

    [Fact]
    public void Conversation_ThatTheProviderKeeps_IsCounted() =>
        Assert.True(Tokens([new ChatMessage(ChatRole.User, "Go on.")], new() { ConversationId = "resp_1" }) > 32_000);

    // No tokenizer is known for these; an estimate does not throw.
    [Theory]
    [InlineData("gpt-5.1")]
    [InlineData("claude-sonnet-5")]
    [InlineData("gemini-2.5-flash")]
    public void Models_WithoutATokenizer_AreEstimatedFromAbove(string model)
    {
        var tokens = ChatPrompt.TokensOf(model, [new ChatMessage(ChatRole.User, "\ud83d Say hello.")], null, Budget);
        Assert.InRange(tokens, 4, 100);
    }

    // Each of four answers may be as long as the cap.
    [Fact]
    public void Answers_ThatARawRequestAsksFor_MultiplyTheCap()
    {
        var options = new ChatOptions { RawRepresentationFactory = _ => Raw(cap: 500, answers: 4) };
        var call = new ChatCall(new ScriptedChatClient(), [new ChatMessage(ChatRole.User, "Hello.")], options, Budget);
        Assert.Equal((2_000, 1_024), (call.MaxOutput, call.LeastOutput));

        call.CapAt(1_200);

        var sent = (OpenAI.Chat.ChatCompletionOptions)call.Options!.RawRepresentationFactory!(new ScriptedChatClient())!;
        Assert.Equal(300, sent.MaxOutputTokenCount);
    }

    private static long Tokens(ChatMessage[] messages, ChatOptions? options = null) =>
        ChatPrompt.TokensOf("gpt-5", messages, options, Budget);

    private static OpenAI.Chat.ChatCompletionOptions Raw(int cap, int answers)
    {
        var raw = new OpenAI.Chat.ChatCompletionOptions { MaxOutputTokenCount = cap };
        raw.Patch.Set("$.n"u8, answers);
        return raw;
    }
}
