using System.ClientModel;
using System.ClientModel.Primitives;
using System.Runtime.CompilerServices;
using AgentBudget.Http.Tests.Ways;
using Anthropic;
using Microsoft.Extensions.AI;
using OpenAI;

#pragma warning disable OPENAI001 // The Responses API is marked as one that may change.

namespace AgentBudget.Extensions.AI.Tests.Ways;

/// <summary>A chat client of Microsoft.Extensions.AI over a real SDK, with the budget in it.</summary>
/// <param name="name">The way's name.</param>
/// <param name="model">The model.</param>
/// <param name="attempts">How many attempts its SDK makes.</param>
/// <param name="open">The client of the provider, without a budget; it is given what sends.</param>
public class ChatWay(string name, string model, int attempts, Func<HttpClient, Uri, IChatClient> open) : Way
{
    public static readonly ChatWay OpenAiChat = new("openai-chat", "gpt-5", 4, OpenChat);
    public static readonly ChatWay OpenAiResponses = new("openai-responses", "gpt-5", 4, OpenResponses);
    public static readonly ChatWay Anthropic = new("anthropic", "claude-sonnet-5", 3, OpenAnthropic);

    /// <summary>All of them, by name.</summary>
    public static readonly IReadOnlyDictionary<string, Way> All = new Way[]
    {
        OpenAiChat,
        OpenAiResponses,
        Anthropic,
        new AgentWay(OpenAiChat),
        new KernelWay(OpenAiChat),
    }.ToDictionary(way => way.Name);

    // Connections are made anew for each test's provider all the same.
    private static readonly HttpClient Plain = new();

    public override string Name => name;

    public override string Model => model;

    public override int Attempts => attempts;

    public override async Task<string> AskAsync(BudgetSession session, Uri provider, int? cap, CancellationToken cancellationToken)
    {
        using var client = Client(session, provider);
        return (await client.GetResponseAsync("Say hello.", Options(cap), cancellationToken)).Text;
    }

    public override async IAsyncEnumerable<string> StreamAsync(
        BudgetSession session,
        Uri provider,
        int? cap,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        using var client = Client(session, provider);
        await foreach (var update in client.GetStreamingResponseAsync("Say hello.", Options(cap), cancellationToken))
            yield return update.Text;
    }

    public override async Task<string?> LoopAsync(BudgetSession session, Uri provider, int? cap, CancellationToken cancellationToken)
    {
        using var client = Client(session, provider).AsBuilder().UseFunctionInvocation().Build();
        var options = Options(cap);
        options.Tools = [Search(session)];
        var response = await client.GetResponseAsync("What is a hard limit?", options, cancellationToken);
        return response.GetBudgetStop()?.Reason;
    }

    /// <summary>A tool that never finds anything, under the session's budget.</summary>
    public static AIFunction Search(BudgetSession session) =>
        AIFunctionFactory.Create((string query) => $"nothing {query.Length * 0}", "search").WithBudget(session, "0");

    /// <summary>The client of the provider under a session's budget.</summary>
    public virtual IChatClient Client(BudgetSession session, Uri provider) => Bare(provider).WithBudget(session);

    /// <summary>The client of the provider without a budget.</summary>
    public IChatClient Bare(Uri provider, HttpClient? http = null) => open(http ?? Plain, provider);

    public static ChatOptions Options(int? cap) => new() { MaxOutputTokens = cap };

    private static OpenAIClient OpenAi(HttpClient http, Uri provider) =>
        new(
            new ApiKeyCredential("none"),
            new OpenAIClientOptions { Endpoint = new Uri(provider, "v1"), Transport = new HttpClientPipelineTransport(http) }
        );

    private static IChatClient OpenChat(HttpClient http, Uri provider) => OpenAi(http, provider).GetChatClient("gpt-5").AsIChatClient();

    private static IChatClient OpenResponses(HttpClient http, Uri provider) =>
        OpenAi(http, provider).GetResponsesClient().AsIChatClient("gpt-5");

    private static IChatClient OpenAnthropic(HttpClient http, Uri provider) =>
        new AnthropicClient
        {
            ApiKey = "none",
            BaseUrl = provider.ToString().TrimEnd('/'),
            HttpClient = http,
        }.AsIChatClient("claude-sonnet-5", 4_000);
}
