namespace AgentBudget.Pricing.Tests.Arithmetic;

/// <summary>Image tokens cost their own rate; what a usage does not tell apart is priced as the terms say, and said where that
/// matters.</summary>
public sealed class ImageRateTests
{
    private const long Million = 1_000_000;

    private static readonly CallTerms AllCounted = new() { UncountedImages = UncountedImages.None };

    // Text costs 1 and 2, images 5 and 30, cached input 0.10, reasoning 4, audio 7 and 9.
    private static readonly PriceBook Painter = TestBook.OfRow(
        """
        "usd_per_million_tokens": {
          "input": "1", "output": "2", "input_image": "5", "output_image": "30",
          "cache_read": "0.10", "reasoning": "4", "input_audio": "7", "output_audio": "9"
        }
        """
    );

    private static (string Cost, PriceWarnings Warnings) Price(TokenUsage usage, CallTerms terms = default)
    {
        var priced = Painter.Price("p", "m", TestBook.Noon, usage, terms);
        Assert.True(priced.IsPriced, priced.Detail);
        return (priced.Cost.ToString(), priced.Warnings);
    }

    [Theory]
    [InlineData(""" "output_image": "30" """, PriceWarnings.ImagesNotCounted)]
    [InlineData(""" "input_image": "1.01" """, PriceWarnings.ImagesNotCounted)]
    [InlineData(""" "input_image": "1", "output_image": "1.5" """, PriceWarnings.None)]
    public void Price_OfAUsageWithoutImages_IsThatOfTextAndSaysWhereImagesAreDearer(string rates, PriceWarnings expected)
    {
        var book = TestBook.OfRow($$""" "usd_per_million_tokens": { "input": "1", "output": "2", {{rates}} } """);
        var priced = book.Price("p", "m", TestBook.Noon, new TokenUsage(Million, Million));
        Assert.Equal((Money.Parse("3"), expected), (priced.Cost, priced.Warnings));
    }

    [Fact]
    public void Images_ThatAreCounted_CostTheirRateOnAnyTerms()
    {
        // Half of each is images: 0.5 x 1 + 0.5 x 5 and 0.5 x 2 + 0.5 x 30.
        var usage = new TokenUsage(Million, Million) { InputImage = Million / 2, OutputImage = Million / 2 };
        foreach (var terms in new[] { default, CallTerms.Enforced, AllCounted })
            Assert.Equal(("$19.00", PriceWarnings.None), Price(usage, terms));
    }

    [Fact]
    public void Images_OfTheAnswerAlone_SayThatThePromptHadNone() =>
        Assert.Equal(("$31.00", PriceWarnings.None), Price(new TokenUsage(Million, Million) { OutputImage = Million }, CallTerms.Enforced));

    [Fact]
    public void Images_OfThePromptAlone_SayNothingOfTheAnswer()
    {
        var usage = new TokenUsage(Million, Million) { InputImage = Million };
        Assert.Equal(("$7.00", PriceWarnings.ImagesNotCounted), Price(usage));
        Assert.Equal(("$35.00", PriceWarnings.ImagesNotCounted), Price(usage, CallTerms.Enforced));
        Assert.Equal(("$7.00", PriceWarnings.None), Price(usage, AllCounted));
    }

    [Fact]
    public void Usage_ThatCountsNone_IsImagesWhereALimitIsEnforced()
    {
        var usage = new TokenUsage(Million, Million);
        Assert.Equal(("$3.00", PriceWarnings.ImagesNotCounted), Price(usage));
        Assert.Equal(("$35.00", PriceWarnings.ImagesNotCounted), Price(usage, CallTerms.Enforced));
        Assert.Equal(("$3.00", PriceWarnings.None), Price(usage, AllCounted));
    }

    // In: 0.5 cached at 0.10, 0.2 audio at 7, and 0.3 left at 5. Out: 0.5 reasoning at 4, 0.1 audio at 9, and 0.4 left at 30.
    [Fact]
    public void Enforced_WhatHasARateOfItsOwn_KeepsIt() =>
        Assert.Equal(
            ("$17.85", PriceWarnings.ImagesNotCounted),
            Price(
                new TokenUsage(Million, Million)
                {
                    CacheRead = 500_000,
                    InputAudio = 200_000,
                    Reasoning = 500_000,
                    OutputAudio = 100_000,
                },
                CallTerms.Enforced
            )
        );

    [Fact]
    public void Usage_ThatLeavesNothingOpen_IsNotSaidToLackImages() =>
        Assert.Equal(
            ("$4.10", PriceWarnings.None),
            Price(new TokenUsage(Million, Million) { CacheRead = Million, Reasoning = Million }, CallTerms.Enforced)
        );

    [Fact]
    public void Reasoning_AboveOutput_LeavesNothingOpen() =>
        Assert.Equal(
            ("$8.00", PriceWarnings.ReasoningAboveOutput),
            Price(new TokenUsage(0, Million) { Reasoning = 2 * Million }, CallTerms.Enforced)
        );

    [Fact]
    public void Enforced_WhereNoImageRateIsDearer_ChangesNothing()
    {
        var book = TestBook.OfRow(
            """ "usd_per_million_tokens": { "input": "4", "output": "8", "input_image": "1", "output_image": "2" } """
        );
        var priced = book.Price("p", "m", TestBook.Noon, new TokenUsage(Million, Million), CallTerms.Enforced);
        Assert.Equal((Money.Parse("12"), PriceWarnings.None), (priced.Cost, priced.Warnings));
    }

    [Fact]
    public void Images_InAContextTierWithoutThem_InheritTheRowsRate()
    {
        var book = TestBook.OfRow(
            """
            "usd_per_million_tokens": { "input": "1", "output": "2", "output_image": "30" },
            "context_tiers": [ { "threshold_input_tokens": 1000, "usd_per_million_tokens": { "input": "2", "output": "4" } } ]
            """
        );
        Assert.Equal(Money.Parse("30.002002"), book.Cost(new TokenUsage(1001, Million) { OutputImage = Million }));
    }

    [Fact]
    public void RecordOn_ACostThatTheUsageLeftOpen_NamesItsSourcePartial()
    {
        var call = Call.Model("m", "p") with { Usage = new TokenUsage(0, 1) };
        Assert.Equal(CostSource.Partial, Painter.Price("p", "m", TestBook.Noon, call.Usage, CallTerms.Enforced).RecordOn(call).Source);
        var recorded = Painter.Price("p", "m", TestBook.Noon, call.Usage, AllCounted).RecordOn(call);
        Assert.Equal((CostSource.Provider, "p/m", Painter.Version), (recorded.Source, recorded.PriceRow, recorded.PriceTableVersion));
        var estimated = call with { Source = CostSource.Estimated };
        Assert.Equal(CostSource.Estimated, Painter.Price("p", "m", TestBook.Noon, call.Usage).RecordOn(estimated).Source);
    }
}
