namespace AgentBudget;

/// <summary>What a provider does when the reader of a stream goes away, as <c>stream_cut</c> in its price file states it.</summary>
/// <param name="StopsGeneration">Whether the model stops and nothing more is billed. Otherwise the whole answer is.</param>
/// <param name="MostTokensPerSecond">The most that its models generate in a second; null where no source says. 1 to 1,000,000.</param>
/// <param name="Source">Where it was read.</param>
/// <param name="Retrieved">The day on which it was read.</param>
public sealed record StreamCut(bool StopsGeneration, long? MostTokensPerSecond, Uri Source, DateOnly Retrieved)
{
    /// <summary>The highest <see cref="MostTokensPerSecond"/>: 1,000,000.</summary>
    public const long MaxTokensPerSecond = 1_000_000;
}
