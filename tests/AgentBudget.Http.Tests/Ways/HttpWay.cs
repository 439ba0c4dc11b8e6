namespace AgentBudget.Http.Tests.Ways;

/// <summary>A way in which a program calls a model by <see cref="HttpClient"/>, with the budget below it.</summary>
public abstract class HttpWay : Way
{
    /// <summary>All of them, by name.</summary>
    public static readonly IReadOnlyDictionary<string, HttpWay> All = new HttpWay[]
    {
        new OpenAiChatWay(),
        new OpenAiChatSynchronousWay(),
        new OpenAiResponsesWay(),
        new AnthropicWay(),
        new PlainWay("gemini", "gemini-2.5-flash", "v1beta/models/gemini-2.5-flash:generateContent"),
        new PlainWay("mistral", "mistral-large-latest", "v1/chat/completions"),
        new PlainWay("cohere", "command-a", "v2/chat"),
    }.ToDictionary(way => way.Name);

    /// <summary>Asks, with a cap on the answer where one is given.</summary>
    public abstract Task<string> AskAsync(HttpClient http, Uri provider, int? cap, CancellationToken cancellationToken);

    /// <summary>Asks for a stream.</summary>
    public abstract IAsyncEnumerable<string> StreamAsync(HttpClient http, Uri provider, int? cap, CancellationToken cancellationToken);

    public override Task<string> AskAsync(BudgetSession session, Uri provider, int? cap, CancellationToken cancellationToken) =>
        AskAsync(session.HttpClient(), provider, cap, cancellationToken);

    // The loop is the program's own: it runs the tool that the model has called, and asks again.
    public override async Task<string?> LoopAsync(BudgetSession session, Uri provider, int? cap, CancellationToken cancellationToken)
    {
        while (true)
        {
            await AskAsync(session, provider, cap, cancellationToken);
            await session.RunToolAsync("search", "0", _ => Task.FromResult("nothing"), """{"query":"hard limits"}""", cancellationToken);
        }
    }

    public override IAsyncEnumerable<string> StreamAsync(
        BudgetSession session,
        Uri provider,
        int? cap,
        CancellationToken cancellationToken
    ) => StreamAsync(session.HttpClient(), provider, cap, cancellationToken);
}
