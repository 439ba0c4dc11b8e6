using Microsoft.Extensions.AI;

namespace AgentBudget.Extensions.AI;

/// <summary>Where a budget stands in a pipeline. In the wrong place it would count calls that were never made, or miss those that
/// were.</summary>
internal static class Placement
{
    /// <exception cref="InvalidOperationException">It does not belong around this.</exception>
    public static void Check(IChatClient inner)
    {
        if (inner.GetService<FunctionInvokingChatClient>() is not null)
            throw Misplaced("function invocation", "each turn of the model's would go out under one reservation", "UseFunctionInvocation");
        if (inner.GetService<CachingChatClient>() is not null)
            throw Misplaced("a cache", "answers from the cache, which say what they once used, would be charged again", "the cache");
        if (inner.GetService<Chat.BudgetedChatClient>() is not null)
            throw new InvalidOperationException("The chat client has a budget already; a second one would charge each call twice.");
    }

    public static void Check<TInput, TEmbedding>(IEmbeddingGenerator<TInput, TEmbedding> inner)
        where TEmbedding : Embedding
    {
        if (inner.GetService<CachingEmbeddingGenerator<TInput, TEmbedding>>() is not null)
            throw Misplaced("a cache", "answers from the cache, which say what they once used, would be charged again", "the cache");
        if (inner.GetService<Embeddings.BudgetedEmbeddingGenerator<TInput, TEmbedding>>() is not null)
            throw new InvalidOperationException("The generator has a budget already; a second one would charge each call twice.");
    }

    private static InvalidOperationException Misplaced(string what, string why, string call) =>
        new($"The budget stands around {what}: {why}. Put it nearer to the provider: in a pipeline, UseAgentBudget behind {call}.");
}
