using BenchmarkDotNet.Attributes;

namespace AgentBudget.Benchmarks.Pricing;

/// <summary>
/// Resolving and pricing a call of a known model: at most 200 ns and no allocation. Loading the table: at most 50 ms.
/// </summary>
[MemoryDiagnoser]
public class PricingBenchmark
{
    private static readonly DateTimeOffset At = new(2026, 8, 20, 12, 0, 0, TimeSpan.Zero);
    private static readonly TokenUsage Usage = new(12_345, 678) { CacheRead = 5_000, Reasoning = 200 };

    private readonly PriceBook book = PriceBook.Embedded;
    private readonly Func<PriceBook> load = PriceBook.LoadEmbedded;

    /// <summary>An exact name at its provider.</summary>
    [Benchmark]
    public Money ExactName() => book.Price("openai", "gpt-4o", At, Usage).Cost;

    /// <summary>A snapshot's name without a provider.</summary>
    [Benchmark]
    public Money SnapshotWithoutProvider() => book.Price(null, "claude-sonnet-4-5-20250929", At, Usage).Cost;

    /// <summary>A router's name in mixed case, in a service tier.</summary>
    [Benchmark]
    public Money RouterInAServiceTier() => book.Price("OpenRouter", "openrouter/openai/GPT-4o", At, Usage, new CallTerms("flex")).Cost;

    /// <summary>A name in mixed case with blanks around it, at a provider in mixed case.</summary>
    [Benchmark]
    public Money MixedCase() => book.Price("OpenAI", " GPT-4o ", At, Usage).Cost;

    /// <summary>A name in mixed case alone.</summary>
    [Benchmark]
    public Money MixedCaseWithoutProvider() => book.Price(null, "Claude-Sonnet-4-5-20250929", At, Usage).Cost;

    /// <summary>A vendor's name in front of the model.</summary>
    [Benchmark]
    public Money VendorInFront() => book.Price(null, "anthropic/claude-sonnet-4-5", At, Usage).Cost;

    /// <summary>A regional Bedrock id.</summary>
    [Benchmark]
    public Money BedrockRegion() => book.Price("bedrock", "us.anthropic.claude-sonnet-4-5-20250929-v1:0", At, Usage).Cost;

    /// <summary>The whole embedded table, from its bytes to a book.</summary>
    [Benchmark]
    public PriceBook LoadTheTable() => load();
}
