namespace AgentBudget;

/// <summary>
/// What the policies for unknown models work with. Which policy holds is the session's: <see cref="UnknownModelPolicy.Reject"/> unless
/// it was opened with another one.
/// </summary>
public sealed record UnknownModelRules
{
    /// <summary>The most patterns: 256.</summary>
    public const int MaxPatterns = 256;

    /// <summary>No rate and no patterns: fallback takes the dearest row of the provider, and nothing is free.</summary>
    public static readonly UnknownModelRules None = new();

    /// <summary>The rate of the policy <c>Fallback</c>. Default: none, and the dearest row of the call's provider is taken.</summary>
    public FallbackRate? Fallback { get; init; }

    /// <summary>
    /// Names that cost nothing by the policy <c>ZeroWithWarning</c>, such as <c>local/*</c>: in any case, with <c>*</c> for any
    /// characters. Default: none; up to <see cref="MaxPatterns"/>, each of 1 to 200 characters.
    /// </summary>
    public IReadOnlyList<string> FreePatterns { get; init; } = [];

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public void Validate()
    {
        if (Fallback is { } rate && (!IsRate(rate.InputUsdPerMillion) || !IsRate(rate.OutputUsdPerMillion)))
            throw new ArgumentException($"A fallback rate must be from 0 to {FallbackRate.MaxUsdPerMillion} dollars per million tokens.");
        if (FreePatterns is null)
            throw new ArgumentException("FreePatterns is null; leave it out for none.");
        if (FreePatterns.Count > MaxPatterns)
            throw new ArgumentException($"At most {MaxPatterns} patterns of free models can be listed.");
        if (FreePatterns.Any(pattern => (pattern ?? "").Trim().Length is 0 or > PriceBook.MaxModelNameLength))
            throw new ArgumentException($"A pattern of free models has 1 to {PriceBook.MaxModelNameLength} characters.");
    }

    private static bool IsRate(decimal usd) => usd is >= 0 and <= FallbackRate.MaxUsdPerMillion;
}
