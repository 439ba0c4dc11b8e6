namespace AgentBudget.Pricing.Tests.Arithmetic;

/// <summary>One million tokens of each kind, at rates of one digit: each expected cost is a sum that can be read off the row.</summary>
public class DimensionTests
{
    private const long Million = 1_000_000;

    private static readonly PriceBook Full = TestBook.OfRow(
        """
        "usd_per_million_tokens": {
          "input": "10", "output": "100", "cache_read": "1", "cache_write": "12", "cache_write_1h": "20",
          "reasoning": "150", "input_audio": "40", "output_audio": "300", "input_image": "50", "output_image": "400"
        },
        "usd_each": { "request": "0.005", "web_search": "0.01", "rerank_search": "0.002" }
        """
    );

    private static readonly PriceBook Bare = TestBook.OfRow(""" "usd_per_million_tokens": { "input": "10", "output": "100" } """);

    private static void AssertCosts(PriceBook book, string dollars, TokenUsage usage) =>
        Assert.Equal(Money.Parse(dollars), book.Cost(usage));

    [Fact]
    public void Input_Plain_CostsInputAndTheRequestFee() => AssertCosts(Full, "10.005", new TokenUsage(Million, 0));

    [Fact]
    public void Output_Plain_CostsOutput() => AssertCosts(Full, "100.005", new TokenUsage(0, Million));

    [Fact]
    public void Usage_Empty_CostsTheRequestFee() => AssertCosts(Full, "0.005", default);

    [Fact]
    public void CacheRead_PartOfInput_IsTakenOutOfInput() =>
        AssertCosts(Full, "11.005", new TokenUsage(2 * Million, 0) { CacheRead = Million });

    [Fact]
    public void CacheWrite_WithOneHourPart_CostsEachAtItsRate() =>
        AssertCosts(Full, "32.005", new TokenUsage(2 * Million, 0) { CacheWrite = 2 * Million, CacheWriteOneHour = Million });

    [Fact]
    public void Input_OfEveryKind_PaysEachTokenOnce() =>
        AssertCosts(
            Full,
            "83.005",
            new TokenUsage(5 * Million, 0)
            {
                CacheRead = Million,
                CacheWrite = 2 * Million,
                CacheWriteOneHour = Million,
                InputAudio = Million,
            }
        );

    [Fact]
    public void Reasoning_PartOfOutput_IsTakenOutOfOutput() =>
        AssertCosts(Full, "250.005", new TokenUsage(0, 2 * Million) { Reasoning = Million });

    [Fact]
    public void OutputAudio_BesideReasoning_PaysEachTokenOnce() =>
        AssertCosts(Full, "550.005", new TokenUsage(0, 3 * Million) { Reasoning = Million, OutputAudio = Million });

    [Fact]
    public void Images_BesideAudioAndReasoning_PayEachTokenOnce() =>
        AssertCosts(
            Full,
            "1051.005",
            new TokenUsage(4 * Million, 4 * Million)
            {
                CacheRead = Million,
                InputAudio = Million,
                InputImage = Million,
                Reasoning = Million,
                OutputAudio = Million,
                OutputImage = Million,
            }
        );

    [Fact]
    public void Searches_WithRates_CostEach() => AssertCosts(Full, "0.037", new TokenUsage(0, 0) { WebSearches = 3, RerankSearches = 1 });

    [Fact]
    public void MissingRates_AllKinds_InheritTheirParents() =>
        AssertCosts(
            Bare,
            "350",
            new TokenUsage(5 * Million, 3 * Million)
            {
                CacheRead = Million,
                CacheWrite = 2 * Million,
                CacheWriteOneHour = Million,
                InputAudio = Million,
                InputImage = Million,
                Reasoning = Million,
                OutputAudio = Million,
                OutputImage = Million,
            }
        );

    [Fact]
    public void OneHourWrite_WithoutRate_InheritsTheFiveMinuteRate()
    {
        var book = TestBook.OfRow(""" "usd_per_million_tokens": { "input": "10", "output": "100", "cache_write": "12" } """);
        AssertCosts(book, "12", new TokenUsage(Million, 0) { CacheWrite = Million, CacheWriteOneHour = Million });
    }

    [Fact]
    public void CacheRead_WithExplicitZero_IsFree()
    {
        var book = TestBook.OfRow(""" "usd_per_million_tokens": { "input": "10", "output": "100", "cache_read": "0" } """);
        AssertCosts(book, "0", new TokenUsage(Million, 0) { CacheRead = Million });
    }

    [Fact]
    public void Reasoning_AboveOutput_IsPricedAsOutputAndSaidSo()
    {
        var priced = Bare.Price("p", "m", TestBook.Noon, new TokenUsage(0, 74) { Reasoning = 201 });

        Assert.Equal(Money.Parse("0.0201"), priced.Cost);
        Assert.Equal(PriceWarnings.ReasoningAboveOutput, priced.Warnings);
    }

    [Fact]
    public void CachedAudio_Overlapping_IsPaidOnceAsAudioAndSaidSo()
    {
        var usage = new TokenUsage(2 * Million, 0) { CacheRead = 2 * Million, InputAudio = Million };
        var priced = Full.Price("p", "m", TestBook.Noon, usage);

        Assert.Equal(Money.Parse("41.005"), priced.Cost);
        Assert.Equal(PriceWarnings.CachedAudio, priced.Warnings);
    }

    [Fact]
    public void CachedImages_Overlapping_ArePaidOnceAsImagesAndSaidSo()
    {
        var usage = new TokenUsage(2 * Million, 0) { CacheRead = 2 * Million, InputImage = Million };
        var priced = Full.Price("p", "m", TestBook.Noon, usage);

        Assert.Equal((Money.Parse("51.005"), PriceWarnings.CachedImages), (priced.Cost, priced.Warnings));
    }

    [Fact]
    public void Cost_BelowOneNanoDollar_IsRoundedUp()
    {
        var book = TestBook.OfRow(""" "usd_per_million_tokens": { "input": "0.0375", "output": "0.000000001" } """);

        Assert.Equal(38, book.Cost(new TokenUsage(1, 0)).NanoDollars);
        Assert.Equal(75, book.Cost(new TokenUsage(2, 0)).NanoDollars);
        Assert.Equal(1, book.Cost(new TokenUsage(0, 1)).NanoDollars);
    }
}
