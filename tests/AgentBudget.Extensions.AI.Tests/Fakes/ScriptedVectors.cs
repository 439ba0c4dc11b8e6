using Microsoft.Extensions.AI;

namespace AgentBudget.Extensions.AI.Tests.Fakes;

/// <summary>A generator of vectors that uses seven tokens each time.</summary>
internal sealed class ScriptedVectors : IEmbeddingGenerator<string, Embedding<float>>
{
    public int Calls { get; private set; }

    /// <summary>Runs before it answers.</summary>
    public Func<Task>? Before { get; set; }

    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values,
        EmbeddingGenerationOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        Calls++;
        if (Before is { } before)
            await before();
        var made = values.Select(_ => new Embedding<float>(new float[] { 1 }) { ModelId = "text-embedding-3-small" });
        return new(made)
        {
            Usage = new() { InputTokenCount = 7, TotalTokenCount = 7 },
        };
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceType == typeof(EmbeddingGeneratorMetadata) ? new EmbeddingGeneratorMetadata("scripted", null, "text-embedding-3-small")
        : serviceType.IsInstanceOfType(this) ? this
        : null;

    public void Dispose() { }
}
