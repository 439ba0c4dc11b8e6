using AgentBudget.Client.Calls;
using AgentBudget.Extensions.AI.Usage;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace AgentBudget.Extensions.AI.Embeddings;

/// <summary>A generator of vectors whose calls a session pays for.</summary>
internal sealed class BudgetedEmbeddingGenerator<TInput, TEmbedding>(
    IEmbeddingGenerator<TInput, TEmbedding> inner,
    Func<BudgetSession?> findSession,
    string? provider,
    ILogger logger
) : DelegatingEmbeddingGenerator<TInput, TEmbedding>(inner)
    where TEmbedding : Embedding
{
    public override async Task<GeneratedEmbeddings<TEmbedding>> GenerateAsync(
        IEnumerable<TInput> values,
        EmbeddingGenerationOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        var inputs = values as IReadOnlyCollection<TInput> ?? [.. values];
        var session =
            findSession()
            ?? BudgetSession.Current
            ?? throw new NoBudgetSessionException("Vectors were not asked for, because no session pays for them: enter one.");
        var money = await session.ReserveAsync(EstimateOf(inputs, options), options: null, cancellationToken);
        money.KeepOutOfReach();
        GeneratedEmbeddings<TEmbedding> made;
        try
        {
            using (money.Enter())
                made = await base.GenerateAsync(inputs, options, cancellationToken);
        }
        catch (Exception exception)
        {
            await money.FailAsync(exception);
            throw;
        }

        await Settlement.WaitAsync(money.SettleAsync(ChatUsage.CostOf(made.Usage, ModelOf(made))), logger);
        return made;
    }

    private CallEstimate EstimateOf(IReadOnlyCollection<TInput> inputs, EmbeddingGenerationOptions? options)
    {
        var metadata = InnerGenerator.GetService<EmbeddingGeneratorMetadata>();
        var model =
            options?.ModelId
            ?? metadata?.DefaultModelId
            ?? throw new InvalidOperationException(
                "Neither the call nor its generator names a model, so that nobody can say what it may cost. Set ModelId of the options."
            );
        var told = metadata?.ProviderUri is { } address ? ResponseOrigin.Of(address).Provider : null;
        var texts = inputs.Select(input => input as string ?? input?.ToString()).ToList();
        return CallEstimate.Prompt(model, new PromptText(texts), maxOutputTokens: 0, provider ?? told);
    }

    private static string? ModelOf(GeneratedEmbeddings<TEmbedding> made) => made.Count > 0 ? made[0].ModelId : null;
}
