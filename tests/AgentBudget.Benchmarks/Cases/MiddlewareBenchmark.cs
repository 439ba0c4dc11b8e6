using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace AgentBudget.Benchmarks.Cases;

/// <summary>
/// What a budget in a chat client adds to a call, in one process on a ledger in memory, one call after the other: a client that answers at
/// once, with the budget and without, in turn with the two grain calls that reserve and settle. What counting the tokens of the prompt
/// takes is taken off.
/// </summary>
internal sealed class MiddlewareBenchmark(int rounds, int calls)
{
    private const int Pieces = 21;

    private static readonly string Prompt = string.Join(' ', Enumerable.Repeat("what does a hard limit mean for agents", 25));

    private static readonly ChatOptions Options = new() { MaxOutputTokens = 100 };

    private static readonly ChatMessage[] Messages = [new(ChatRole.User, Prompt)];

    private readonly AddedCost added = new(rounds, calls);

    public async Task RunAsync()
    {
        await using var budget = await EmbeddedAgentBudget.StartAsync(options => options.Path = null);
        await using var session = await budget.OpenAsync(
            new BudgetSessionOptions { Budget = Money.Parse("1000000"), Loops = LoopPolicy.Off }
        );
        using var bare = new Model();
        using var budgeted = bare.WithBudget(session);
        await added.MeasureAsync([
            () => WrapBenchmark.ByGrainAsync(session.Grain),
            CountAsync,
            () => bare.GetResponseAsync(Messages, Options),
            () => budgeted.GetResponseAsync(Messages, Options),
            () => ReadAsync(bare),
            () => ReadAsync(budgeted),
        ]);
        added.Add("reserve and settle on the grain", 0);
        added.Add("counting the prompt's tokens", 1);
        added.AddOver("a call under a budget, over one without", 3, [2, 1], "<= 3.5, 8 KB");
        added.AddOver($"a stream of {Pieces} pieces, over one without", 5, [4, 1], "9 KB");
        await added.AddTailAsync("99 % of the calls take at most", () => budgeted.GetResponseAsync(Messages, Options), "200 us, idle");
    }

    public void Write(TextWriter output) => added.Write(output);

    private static Task CountAsync()
    {
        if (TokenEstimator.Shared.Estimate("gpt-5", Prompt) < 150)
            throw new InvalidOperationException("Too few.");
        return Task.CompletedTask;
    }

    private static async Task ReadAsync(IChatClient client)
    {
        await foreach (var _ in client.GetStreamingResponseAsync(Messages, Options))
            continue;
    }

    private sealed class Model : IChatClient
    {
        private static readonly UsageDetails Usage = new() { InputTokenCount = 200, OutputTokenCount = 19 };

        private static readonly ChatClientMetadata Metadata = new("openai", new Uri("https://api.openai.com/v1"), "gpt-5");

        private static readonly ChatResponse Whole = new(new ChatMessage(ChatRole.Assistant, "Hello."))
        {
            ModelId = "gpt-5",
            Usage = Usage,
            FinishReason = ChatFinishReason.Stop,
        };

        private static readonly ChatResponseUpdate[] Updates =
        [
            .. Enumerable.Repeat(new ChatResponseUpdate(ChatRole.Assistant, "word "), Pieces - 1),
            new(ChatRole.Assistant, [new UsageContent(Usage)]) { ModelId = "gpt-5", FinishReason = ChatFinishReason.Stop },
        ];

        public Task<ChatResponse> GetResponseAsync(
            IEnumerable<ChatMessage> messages,
            ChatOptions? options = null,
            CancellationToken cancellationToken = default
        ) => Task.FromResult(Whole);

        public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages,
            ChatOptions? options = null,
            [EnumeratorCancellation] CancellationToken cancellationToken = default
        )
        {
            await Task.CompletedTask;
            foreach (var update in Updates)
                yield return update;
        }

        public object? GetService(Type serviceType, object? serviceKey = null) =>
            serviceType == typeof(ChatClientMetadata) ? Metadata : null;

        public void Dispose() { }
    }
}
