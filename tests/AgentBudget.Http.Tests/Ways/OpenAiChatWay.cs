using System.ClientModel;
using System.ClientModel.Primitives;
using System.Runtime.CompilerServices;
using OpenAI;
using OpenAI.Chat;

namespace AgentBudget.Http.Tests.Ways;

/// <summary>OpenAI's client, chat.</summary>
public class OpenAiChatWay : HttpWay
{
    public override string Name => "openai-chat";

    public override string Model => "gpt-5";

    public override int Attempts => 4;

    public override async Task<string> AskAsync(HttpClient http, Uri provider, int? cap, CancellationToken cancellationToken)
    {
        ChatCompletion answer = await Chat(http, provider).CompleteChatAsync([Question], Options(cap), cancellationToken);
        return string.Concat(answer.Content.Select(part => part.Text));
    }

    public override async IAsyncEnumerable<string> StreamAsync(
        HttpClient http,
        Uri provider,
        int? cap,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var updates = Chat(http, provider).CompleteChatStreamingAsync([Question], Options(cap), cancellationToken);
        await foreach (var update in updates)
        {
            foreach (var part in update.ContentUpdate)
                yield return part.Text;
        }
    }

    internal static OpenAIClient Client(HttpClient http, Uri provider) =>
        new(
            new ApiKeyCredential("none"),
            new OpenAIClientOptions { Endpoint = new Uri(provider, "v1"), Transport = new HttpClientPipelineTransport(http) }
        );

    protected static ChatClient Chat(HttpClient http, Uri provider) => Client(http, provider).GetChatClient("gpt-5");

    protected static ChatMessage Question => new UserChatMessage("Say hello.");

    protected static ChatCompletionOptions Options(int? cap) => new() { MaxOutputTokenCount = cap };
}

/// <summary>The same by its synchronous methods, which take another way through handlers. Trap 11.</summary>
public sealed class OpenAiChatSynchronousWay : OpenAiChatWay
{
    public override string Name => "openai-chat-synchronous";

    public override Task<string> AskAsync(HttpClient http, Uri provider, int? cap, CancellationToken cancellationToken) =>
        Task.Run(
            () =>
            {
                ChatCompletion answer = Chat(http, provider).CompleteChat([Question], Options(cap), cancellationToken);
                return string.Concat(answer.Content.Select(part => part.Text));
            },
            CancellationToken.None
        );

    public override async IAsyncEnumerable<string> StreamAsync(
        HttpClient http,
        Uri provider,
        int? cap,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        using var updates = Chat(http, provider).CompleteChatStreaming([Question], Options(cap), cancellationToken).GetEnumerator();
        while (await Task.Run(updates.MoveNext, CancellationToken.None))
        {
            foreach (var part in updates.Current.ContentUpdate)
                yield return part.Text;
        }
    }
}
