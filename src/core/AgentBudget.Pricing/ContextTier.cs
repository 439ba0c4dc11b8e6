namespace AgentBudget;

/// <summary>
/// Rates for requests with a long prompt. A tier moves the whole request, output too, and is chosen by the total input, cached tokens
/// included. A rate that the tier does not state stays as the row has it.
/// </summary>
/// <param name="ThresholdInputTokens">The number of input tokens beyond which the tier applies; one or more.</param>
/// <param name="IncludesThreshold">True where exactly the threshold is enough (xAI); false, the usual rule, where the input must exceed
/// it.</param>
/// <param name="Rates">The rates that differ in this tier.</param>
public sealed record ContextTier(long ThresholdInputTokens, bool IncludesThreshold, Rates Rates)
{
    /// <summary>The smallest total input, in tokens, that selects this tier.</summary>
    internal long FirstInputTokens => IncludesThreshold ? ThresholdInputTokens : ThresholdInputTokens + 1;
}
