namespace AgentBudget.Pricing.Tests.Arithmetic;

/// <summary>What is billed by something else than tokens, and cached tokens that are no text.</summary>
public class BesideTokensTests
{
    private const long Million = 1_000_000;

    private static readonly PriceBook Full = TestBook.OfRow(
        """
        "usd_per_million_tokens": {
          "input": "10", "output": "100", "cache_read": "1", "input_audio": "40", "input_image": "20", "cache_read_audio": "3"
        },
        "usd_per_million": { "input_characters": "15", "input_audio_seconds": "11.111111111" },
        "usd_each": { "output_picture": "0.04", "container": "0.03", "file_search": "0.0025" }
        """
    );

    private static readonly PriceBook Speaks = TestBook.OfRow(""" "usd_per_million": { "input_characters": "15" } """);

    [Fact]
    public void CachedAudio_OfAudioAndCachedText_PaysEachTokenOnce() =>
        // 1 million each of text, cached text, audio and cached audio: 10 + 1 + 40 + 3.
        Assert.Equal(
            Money.Parse("54"),
            Full.Cost(
                new TokenUsage(4 * Million, 0)
                {
                    CacheRead = 2 * Million,
                    InputAudio = 2 * Million,
                    CacheReadAudio = Million,
                }
            )
        );

    [Fact]
    public void CachedImages_WithoutARate_AreAsMuchDearerThanCachedTextAsImagesAreThanText() =>
        // Twice 1 for a million cached images.
        Assert.Equal(
            Money.Parse("2"),
            Full.Cost(
                new TokenUsage(Million, 0)
                {
                    CacheRead = Million,
                    InputImage = Million,
                    CacheReadImage = Million,
                }
            )
        );

    [Fact]
    public void CachedAudio_OfARowThatKnowsNoAudio_CostsWhatCachedTextCosts() =>
        Assert.Equal(
            Money.Parse("1"),
            TestBook
                .OfRow(""" "usd_per_million_tokens": { "input": "10", "output": "100", "cache_read": "1" } """)
                .Cost(
                    new TokenUsage(Million, 0)
                    {
                        CacheRead = Million,
                        InputAudio = Million,
                        CacheReadAudio = Million,
                    }
                )
        );

    [Fact]
    public void CachedAudio_OfFreeText_CostsWhatAudioCosts() =>
        Assert.Equal(
            Money.Parse("40"),
            TestBook
                .OfRow(""" "usd_per_million_tokens": { "input": "0", "output": "0", "input_audio": "40" } """)
                .Cost(
                    new TokenUsage(Million, 0)
                    {
                        CacheRead = Million,
                        InputAudio = Million,
                        CacheReadAudio = Million,
                    }
                )
        );

    [Fact]
    public void CountsBesideTokens_CostEachAtTheirRate() =>
        // 15 + 11.111111111 + 2 x 0.04 + 0.03 + 4 x 0.0025
        Assert.Equal(
            Money.Parse("26.231111111"),
            Full.Cost(
                default(TokenUsage) with
                {
                    InputCharacters = Million,
                    InputAudioSeconds = Million,
                    OutputPictures = 2,
                    Containers = 1,
                    FileSearches = 4,
                }
            )
        );

    [Theory]
    [InlineData(UsageDimension.InputCharacters)]
    [InlineData(UsageDimension.InputAudioSeconds)]
    [InlineData(UsageDimension.OutputPictures)]
    [InlineData(UsageDimension.Containers)]
    [InlineData(UsageDimension.FileSearches)]
    public void CountsBesideTokens_WithoutARate_HaveNoPrice(UsageDimension dimension)
    {
        var book = TestBook.OfRow(""" "usd_per_million_tokens": { "input": "10", "output": "100" } """);
        var priced = book.Price("p", "m", TestBook.Noon, default(TokenUsage).With(dimension, 1));
        Assert.Equal(PriceProblem.UnpricedUnit, priced.Problem);
    }

    [Fact]
    public void Row_WithoutTokenRates_PricesWhatItStatesAndNoToken()
    {
        Assert.Equal(Money.Parse("0.015"), Speaks.Cost(default(TokenUsage) with { InputCharacters = 1000 }));
        Assert.Equal(PriceProblem.UnpricedUnit, Speaks.Price("p", "m", TestBook.Noon, new TokenUsage(1, 0)).Problem);
        Assert.Equal(PriceProblem.UnpricedUnit, Speaks.Price("p", "m", TestBook.Noon, new TokenUsage(0, 1)).Problem);
    }

    [Theory]
    [InlineData(""" "usd_per_million_tokens": { "input": "1" }, "usd_each": { "file_search": "1" } """)]
    [InlineData(""" "usd_per_million_tokens": { "cache_read": "1" }, "usd_each": { "file_search": "1" } """)]
    [InlineData(""" "usd_each": { "request": "1" } """)]
    [InlineData(""" "usd_per_million": { "input": "1" } """)]
    [InlineData(""" "usd_per_million_tokens": { "input": "1", "output": "1", "input_characters": "1" } """)]
    [InlineData(""" "usd_per_million_tokens": { "input": "1", "output": "1" }, "max_web_searches": 0 """)]
    [InlineData(
        """ "usd_per_million_tokens": { "input": "1", "output": "1" }, "usd_each": { "web_search": "1" }, "min_web_searches": 3, "max_web_searches": 2 """
    )]
    public void Row_ThatIsAHoleOrContradictsItself_IsRefused(string members) =>
        Assert.False(
            PriceBook.TryParse([TestBook.File("p", "", TestBook.Model("m", TestBook.Row(members)))], out _, out var problems)
                && problems.Count == 0
        );

    [Fact]
    public void Searches_BilledByThePrompt_CostOneHoweverManyThereWere()
    {
        var book = TestBook.OfRow(
            """ "usd_per_million_tokens": { "input": "1", "output": "1" }, "usd_each": { "web_search": "0.035" }, "max_web_searches": 1 """
        );
        Assert.Equal(Money.Parse("0.035"), book.Cost(default(TokenUsage) with { WebSearches = 5 }));
        Assert.Equal(Money.Zero, book.Cost(default(TokenUsage) with { InputAudio = 0 }));
    }

    [Theory]
    [InlineData("gemini-2.5-flash", "0.035")]
    [InlineData("gemini-3-flash-preview", "0.07")]
    public void Searches_OfGemini_AreBilledByThePromptUpToTwoPointFive(string model, string dollars)
    {
        var priced = PriceBook.Embedded.Price("google", model, TestBook.Noon.AddMonths(6), default(TokenUsage) with { WebSearches = 5 });
        Assert.Equal(Money.Parse(dollars), priced.Cost);
    }

    [Fact]
    public void WorstCase_WithLimitsBesideTokens_HoldsThemAndAudioWhereThatIsDearer()
    {
        Assert.True(Full.TryResolve("p", "m", TestBook.Noon, out var row));
        var beside = new TokenUsage(7, 7)
        {
            InputAudio = 400_000,
            FileSearches = 4,
            Containers = 1,
            InputCharacters = Million,
        };
        // 400,000 at 40 and 600,000 at 20, for images; 4 x 0.0025, 0.03, 15.
        var worst = Full.WorstCase(row, Million, 0, default, beside);
        Assert.Equal(Money.Parse("43.04"), worst.Price.Cost);
        Assert.Equal(400_000, worst.Usage.InputAudio);
        Assert.Equal(Million, worst.Usage.Input);
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(-1)]
    [InlineData(long.MinValue)]
    public void WorstCase_OfAbsurdLimits_IsRefused(long count)
    {
        Assert.True(Full.TryResolve("p", "m", TestBook.Noon, out var row));
        foreach (var dimension in UsageDimensions.All.Select(one => one.Dimension).Where(one => one >= UsageDimension.WebSearches))
        {
            if (dimension is UsageDimension.CacheReadAudio or UsageDimension.CacheReadImage)
                continue;
            var worst = Full.WorstCase(row, 10, 10, default, default(TokenUsage).With(dimension, count));
            Assert.False(worst.Price.IsPriced, dimension.ToString());
        }
    }

    [Fact]
    public void FindProblem_OfCachedAudioThatIsNotInBothOfItsWholes_NamesIt()
    {
        Assert.Contains("cache_read_audio", new TokenUsage(9, 0) { InputAudio = 5, CacheReadAudio = 3 }.FindProblem());
        Assert.Contains("input_audio", new TokenUsage(9, 0) { CacheRead = 5, CacheReadAudio = 3 }.FindProblem());
        Assert.NotNull(
            new TokenUsage(9, 0)
            {
                CacheRead = 5,
                InputAudio = 3,
                InputImage = 3,
                CacheReadAudio = 3,
                CacheReadImage = 3,
            }.FindProblem()
        );
    }
}
