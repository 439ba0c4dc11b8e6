namespace AgentBudget.Pricing.Import;

/// <summary>The names of dimensions in a price file.</summary>
internal static class RateNames
{
    public static string Of(RateDimension dimension) => dimension switch
    {
        RateDimension.Input => "input",
        RateDimension.Output => "output",
        RateDimension.CacheRead => "cache_read",
        RateDimension.CacheWrite => "cache_write",
        RateDimension.CacheWriteOneHour => "cache_write_1h",
        RateDimension.Reasoning => "reasoning",
        RateDimension.InputAudio => "input_audio",
        RateDimension.OutputAudio => "output_audio",
        RateDimension.InputImage => "input_image",
        RateDimension.OutputImage => "output_image",
        RateDimension.Request => "request",
        RateDimension.WebSearch => "web_search",
        RateDimension.RerankSearch => "rerank_search",
        _ => throw new ArgumentOutOfRangeException(nameof(dimension)),
    };
}
