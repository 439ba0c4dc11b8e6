namespace AgentBudget.Pricing.Tests.Arithmetic;

/// <summary>What a call can turn out to be served on, and cost at most.</summary>
public class PossibleTermsTests
{
    private static readonly PriceBook Book = TestBook.OfRow(
        """
        "usd_per_million_tokens": { "input": "10", "output": "10" },
        "service_tiers": {
          "batch": { "usd_per_million_tokens": { "input": "90", "output": "90" } },
          "flex": { "usd_per_million_tokens": { "input": "5", "output": "5" } },
          "priority": { "usd_per_million_tokens": { "input": "20", "output": "20" } },
          "fast": { "usd_per_million_tokens": { "input": "60", "output": "60" } }
        },
        "region_multipliers": { "us": "1.1" }
        """
    );

    [Theory]
    [InlineData(null, null, null, "0.01")]
    [InlineData("priority", null, null, "0.02")]
    [InlineData("flex", null, null, "0.01")]
    [InlineData("batch", null, null, "0.09")]
    [InlineData("auto", null, null, "0.02")]
    [InlineData("AUTO", "us", null, "0.022")]
    [InlineData(null, "us", "fast", "0.066")]
    [InlineData("auto", null, "fast", "0.06")]
    [InlineData("unheard-of", null, null, "0.01")]
    public void WorstCase_IsTheDearestThatTheTermsCanTurnOutToBe(string? tier, string? region, string? speed, string usd)
    {
        Assert.True(Book.TryResolve("p", "m", TestBook.Noon, out var row));
        var worst = Book.WorstCase(row, 500, 500, new CallTerms(tier, region) { Speed = speed });
        Assert.Equal(Money.Parse(usd), worst.Price.Cost);
    }

    // Every outcome that a provider can make of what was asked for costs no more than what is set aside.
    [Fact]
    public void WorstCase_OfAnyTermsAtAnyRates_IsNotBelowAnyOutcome()
    {
        string?[] tiers = [null, "flex", "priority", "auto"];
        foreach (
            var rates in (string[][])
                [
                    ["60", "20", "5"],
                    ["5", "60", "20"],
                    ["20", "5", "60"],
                    ["1", "2", "3"],
                ]
        )
        {
            var book = TestBook.OfRow(
                $$"""
                "usd_per_million_tokens": { "input": "10", "output": "10" },
                "service_tiers": {
                  "fast": { "usd_per_million_tokens": { "input": "{{rates[0]}}", "output": "{{rates[0]}}" } },
                  "priority": { "usd_per_million_tokens": { "input": "{{rates[1]}}", "output": "{{rates[1]}}" } },
                  "flex": { "usd_per_million_tokens": { "input": "{{rates[2]}}", "output": "{{rates[2]}}" } }
                }
                """
            );
            Assert.True(book.TryResolve("p", "m", TestBook.Noon, out var row));
            foreach (
                var asked in tiers.SelectMany(tier =>
                    new[]
                    {
                        new CallTerms(tier),
                        new CallTerms(tier) { Speed = "fast" },
                    }
                )
            )
            {
                var worst = book.WorstCase(row, 500, 500, asked).Price.Cost;
                foreach (var served in Outcomes(asked))
                    Assert.True(
                        book.PriceAsBilled(row, new TokenUsage(500, 500), served).Cost <= worst,
                        $"{asked.ServiceTier} {asked.Speed} as {served.ServiceTier} {served.Speed}"
                    );
            }
        }

        static IEnumerable<CallTerms> Outcomes(CallTerms asked)
        {
            yield return asked;
            yield return new CallTerms("standard");
            yield return new CallTerms(asked.ServiceTier);
            if (asked.ServiceTier != "auto")
                yield break;
            yield return new CallTerms("flex");
            yield return new CallTerms("priority");
        }
    }

    [Theory]
    [InlineData("auto", null, "0.02", PriceWarnings.ServiceTierNotSaid)]
    [InlineData("auto", "fast", "0.06", PriceWarnings.None)]
    [InlineData("default", null, "0.01", PriceWarnings.None)]
    [InlineData("flex", null, "0.005", PriceWarnings.None)]
    public void PriceAsBilled_OfATierThatNobodyNamed_IsTheDearestThatItCanHaveBeen(
        string tier,
        string? speed,
        string usd,
        PriceWarnings warnings
    )
    {
        Assert.True(Book.TryResolve("p", "m", TestBook.Noon, out var row));
        var priced = Book.PriceAsBilled(row, new TokenUsage(500, 500), new CallTerms(tier) { Speed = speed });
        Assert.Equal((Money.Parse(usd), warnings), (priced.Cost, priced.Warnings));
        Assert.True(priced.Cost <= Book.WorstCase(row, 500, 500, new CallTerms(tier) { Speed = speed }).Price.Cost);
    }

    [Fact]
    public void StreamCut_OfAProvider_IsWhatItsFileSays()
    {
        var file = TestBook.File(
            "p",
            """ "provider_aliases": ["pp"], "stream_cut": { "stops_generation": true, "most_tokens_per_second": 500, "source": "https://example.com", "retrieved": "2026-01-01" } """,
            TestBook.Model("m", TestBook.FlatRow("1"))
        );
        var cut = PriceBook.Parse(file).FindStreamCut("PP");

        Assert.Equal(new StreamCut(true, 500, new Uri("https://example.com"), new DateOnly(2026, 1, 1)), cut);
        Assert.Null(PriceBook.Embedded.FindStreamCut("nobody"));
        Assert.True(PriceBook.Embedded.FindStreamCut("anthropic")!.StopsGeneration);
        Assert.False(PriceBook.Embedded.FindStreamCut("google")!.StopsGeneration);
    }
}
