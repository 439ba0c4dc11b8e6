using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace AgentBudget.Extensions.AI.Tests.Fakes;

/// <summary>A client that answers what it is told to, for what no SDK can be brought to do.</summary>
internal sealed class ScriptedChatClient : IChatClient
{
    public UsageDetails? Usage { get; set; } = new() { InputTokenCount = 10, OutputTokenCount = 5 };

    public int Calls { get; private set; }

    public List<ChatOptions?> Options { get; } = [];

    public List<string> LastTexts { get; } = [];

    /// <summary>What it answers in place of text.</summary>
    public Func<int, ChatResponse>? Answer { get; set; }

    public IReadOnlyList<ChatResponseUpdate>? Updates { get; set; }

    /// <summary>Runs before it answers.</summary>
    public Func<Task>? Before { get; set; }

    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        Note(messages, options);
        if (Before is { } before)
            await before();
        return Answer?.Invoke(Calls)
            ?? new ChatResponse(new ChatMessage(ChatRole.Assistant, "Hello.")) { Usage = Usage, ModelId = "gpt-5" };
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        Note(messages, options);
        if (Before is { } before)
            await before();
        foreach (var update in Updates ?? [])
            yield return update;
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceType == typeof(ChatClientMetadata) ? new ChatClientMetadata("scripted", null, "gpt-5")
        : serviceType.IsInstanceOfType(this) ? this
        : null;

    public void Dispose() { }

    private void Note(IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        Calls++;
        Options.Add(options);
        LastTexts.Add(messages.LastOrDefault()?.Text ?? "");
    }
}
