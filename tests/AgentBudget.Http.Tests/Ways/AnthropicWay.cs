using System.Runtime.CompilerServices;
using Anthropic;
using Anthropic.Models.Messages;

namespace AgentBudget.Http.Tests.Ways;

/// <summary>Anthropic's client, whose calls always have a cap.</summary>
public sealed class AnthropicWay : HttpWay
{
    private const int UsualCap = 4_000;

    public override string Name => "anthropic";

    public override string Model => "claude-sonnet-5";

    public override int Attempts => 3;

    public override async Task<string> AskAsync(HttpClient http, Uri provider, int? cap, CancellationToken cancellationToken)
    {
        var message = await Client(http, provider).Messages.Create(Question(cap), cancellationToken);
        return string.Concat(message.Content.Select(block => block.TryPickText(out var text) ? text.Text : ""));
    }

    public override async IAsyncEnumerable<string> StreamAsync(
        HttpClient http,
        Uri provider,
        int? cap,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await foreach (var next in Client(http, provider).Messages.CreateStreaming(Question(cap), cancellationToken))
        {
            if (next.TryPickContentBlockDelta(out var delta) && delta.Delta.TryPickText(out var text))
                yield return text.Text;
        }
    }

    private static AnthropicClient Client(HttpClient http, Uri provider) =>
        new()
        {
            ApiKey = "none",
            BaseUrl = provider.ToString().TrimEnd('/'),
            HttpClient = http,
        };

    private MessageCreateParams Question(int? cap) =>
        new()
        {
            Model = Model,
            MaxTokens = cap ?? UsualCap,
            Messages = [new UserMessageParam { Content = "Say hello." }],
        };
}
