using AgentBudget.Extensions.AI;
using AgentBudget.Extensions.AI.Embeddings;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentBudget;

/// <summary>Has sessions pay for vectors.</summary>
public static class AgentBudgetEmbeddingExtensions
{
    /// <summary>Has a session pay for the calls of a generator: money is set aside from the texts, and settled by what the provider
    /// says.</summary>
    /// <param name="generator">The generator of the provider; caches stand around the budget.</param>
    /// <param name="session">The session; null for the one that is entered.</param>
    /// <param name="provider">The provider, by the price table's id; null finds it by the address and the model's name.</param>
    /// <param name="logger">Told what could not be settled; null for nobody.</param>
    /// <exception cref="InvalidOperationException">The generator caches, and the budget belongs inside of it; or it has one
    /// already.</exception>
    public static IEmbeddingGenerator<TInput, TEmbedding> WithBudget<TInput, TEmbedding>(
        this IEmbeddingGenerator<TInput, TEmbedding> generator,
        BudgetSession? session,
        string? provider = null,
        ILogger? logger = null
    )
        where TEmbedding : Embedding
    {
        ArgumentNullException.ThrowIfNull(generator);
        Placement.Check(generator);
        return new BudgetedEmbeddingGenerator<TInput, TEmbedding>(
            generator,
            () => session,
            provider,
            new QuietLogger(logger ?? NullLogger.Instance)
        );
    }

    /// <summary>The same in a pipeline, behind caches.</summary>
    /// <param name="builder">The pipeline.</param>
    /// <param name="session">The session; null for the one that is entered.</param>
    /// <param name="provider">The provider, by the price table's id; null finds it by the address and the model's name.</param>
    public static EmbeddingGeneratorBuilder<TInput, TEmbedding> UseAgentBudget<TInput, TEmbedding>(
        this EmbeddingGeneratorBuilder<TInput, TEmbedding> builder,
        BudgetSession? session = null,
        string? provider = null
    )
        where TEmbedding : Embedding
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Use(inner => inner.WithBudget(session, provider));
    }
}
