namespace FakeProvider;

/// <summary>What the provider bills, in US dollars for a million tokens. The default is what gpt-5 costs.</summary>
public sealed record ProviderRates
{
    /// <summary>A token of the prompt.</summary>
    public decimal Input { get; init; } = 1.25m;

    /// <summary>One that was read from a cache.</summary>
    public decimal Cached { get; init; } = 0.125m;

    /// <summary>One that was written to a cache.</summary>
    public decimal CacheWrite { get; init; } = 1.25m;

    /// <summary>A token that was generated, seen or not.</summary>
    public decimal Output { get; init; } = 10m;

    /// <summary>What was counted, in dollars, rounded up to the billionth.</summary>
    public decimal Price(TokenCount count)
    {
        var plain = count.Input - count.Cached - count.CacheWrite;
        var millionths = (plain * Input) + (count.Cached * Cached) + (count.CacheWrite * CacheWrite) + (count.Output * Output);
        return decimal.Ceiling(millionths * 1_000m) / 1_000_000_000m;
    }
}

/// <summary>Tokens as the provider counts them.</summary>
/// <param name="Input">The prompt's, all of them.</param>
/// <param name="Cached">Those of them that were read from a cache.</param>
/// <param name="CacheWrite">Those of them that were written to one.</param>
/// <param name="Output">What was generated, thoughts included.</param>
public readonly record struct TokenCount(long Input, long Cached, long CacheWrite, long Output);
