using System.Runtime.CompilerServices;
using OpenAI.Responses;

#pragma warning disable OPENAI001 // The Responses API is marked as one that may change.

namespace AgentBudget.Http.Tests.Ways;

/// <summary>OpenAI's client, Responses.</summary>
public sealed class OpenAiResponsesWay : HttpWay
{
    public override string Name => "openai-responses";

    public override string Model => "gpt-5";

    public override int Attempts => 4;

    public override async Task<string> AskAsync(HttpClient http, Uri provider, int? cap, CancellationToken cancellationToken)
    {
        ResponseResult answer = await Client(http, provider).CreateResponseAsync(Options(cap), cancellationToken);
        return answer.GetOutputText();
    }

    public override async IAsyncEnumerable<string> StreamAsync(
        HttpClient http,
        Uri provider,
        int? cap,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var options = Options(cap);
        options.StreamingEnabled = true;
        await foreach (var update in Client(http, provider).CreateResponseStreamingAsync(options, cancellationToken))
        {
            if (update is StreamingResponseOutputTextDeltaUpdate text)
                yield return text.Delta;
        }
    }

    private static ResponsesClient Client(HttpClient http, Uri provider) => OpenAiChatWay.Client(http, provider).GetResponsesClient();

    private CreateResponseOptions Options(int? cap) =>
        new(Model, [ResponseItem.CreateUserMessageItem("Say hello.")]) { MaxOutputTokenCount = cap };
}
