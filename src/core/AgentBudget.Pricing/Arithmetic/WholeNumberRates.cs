namespace AgentBudget.Pricing.Arithmetic;

/// <summary>
/// The rates of a request as whole numbers, for the arithmetic of nearly every call: nano-dollars per million tokens, and nano-dollars
/// each. Rates have nine decimals at most, so nothing is lost, and the result is that of decimals at a tenth of the time.
/// </summary>
internal readonly struct WholeNumberRates
{
    private const long TokensPerRate = 1_000_000;
    private const int Terms = 10;

    private readonly long _input;
    private readonly long _output;
    private readonly long _cacheRead;
    private readonly long _cacheWrite;
    private readonly long _cacheWriteOneHour;
    private readonly long _reasoning;
    private readonly long _inputAudio;
    private readonly long _outputAudio;
    private readonly long _inputImage;
    private readonly long _outputImage;
    private readonly long _request;
    private readonly long _webSearch;
    private readonly long _rerankSearch;
    private readonly long _mostTokens;
    private readonly long _mostSearches;

    public WholeNumberRates(EffectiveRates rates)
    {
        ReadOnlySpan<decimal> tokens =
        [
            rates.Input, rates.Output, rates.CacheRead, rates.CacheWrite, rates.CacheWriteOneHour, rates.Reasoning, rates.InputAudio, rates.OutputAudio,
            rates.InputImage, rates.OutputImage,
        ];
        _input = Nano(rates.Input);
        _output = Nano(rates.Output);
        _cacheRead = Nano(rates.CacheRead);
        _cacheWrite = Nano(rates.CacheWrite);
        _cacheWriteOneHour = Nano(rates.CacheWriteOneHour);
        _reasoning = Nano(rates.Reasoning);
        _inputAudio = Nano(rates.InputAudio);
        _outputAudio = Nano(rates.OutputAudio);
        _inputImage = Nano(rates.InputImage);
        _outputImage = Nano(rates.OutputImage);
        _request = Nano(rates.Request);
        _webSearch = Nano(rates.WebSearch ?? 0);
        _rerankSearch = Nano(rates.RerankSearch ?? 0);
        var dearest = 1L;
        foreach (var rate in tokens) dearest = Math.Max(dearest, Nano(rate));
        // Bounds under which no sum can overflow: ten terms of tokens, three of fees.
        _mostTokens = long.MaxValue / Terms / dearest;
        _mostSearches = Money.MaxAmount.NanoDollars / Math.Max(1, Math.Max(_webSearch, _rerankSearch));
    }

    /// <summary>The cost in nano-dollars, rounded up, or -1 for a call that is too large for this arithmetic.</summary>
    /// <param name="parts">The parts of a usage without a problem.</param>
    public long NanoDollars(in UsageParts parts)
    {
        if (parts.Most > _mostTokens || parts.WebSearches > _mostSearches || parts.RerankSearches > _mostSearches) return -1;
        var millionths = (parts.Text * _input) + (parts.Answer * _output);
        if (parts.HasCache)
            millionths += (parts.CacheRead * _cacheRead) + (parts.CacheWrite * _cacheWrite) + (parts.CacheWriteOneHour * _cacheWriteOneHour);
        if (parts.HasOther)
            millionths += (parts.Reasoning * _reasoning) + (parts.InputAudio * _inputAudio) + (parts.OutputAudio * _outputAudio)
                + (parts.InputImage * _inputImage) + (parts.OutputImage * _outputImage);
        // Fees are whole nano-dollars, so rounding the tokens alone up is rounding the sum up.
        var roundedUp = (millionths + TokensPerRate - 1) / TokensPerRate;
        return roundedUp + _request + (parts.WebSearches * _webSearch) + (parts.RerankSearches * _rerankSearch);
    }

    private static long Nano(decimal usd) => (long)(usd * Money.NanoDollarsPerDollar);
}
