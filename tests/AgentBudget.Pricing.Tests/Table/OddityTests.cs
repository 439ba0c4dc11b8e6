namespace AgentBudget.Pricing.Tests.Table;

/// <summary>What a review of a table is told of.</summary>
public class OddityTests
{
    [Theory]
    [InlineData("priority", "3", "15", true)]
    [InlineData("priority", "3", "20", true)]
    [InlineData("priority", "5.4", "27", false)]
    [InlineData("batch", "3", "15", true)]
    [InlineData("batch", "1.5", "15", true)]
    [InlineData("batch", "0.2", "0.2", true)]
    [InlineData("batch", "1.5", "7.5", false)]
    [InlineData("flex", "3", "15", false)]
    [InlineData("flex", "3.1", "15", true)]
    [InlineData("fast", "2", "15", true)]
    public void ServiceTier_ThatIsNotDearerOrNotCheaperInOneOfItsRates_IsOdd(string tier, string input, string output, bool isOdd)
    {
        var book = Book(
            $$"""
            { "model": "m", "rows": [ { "usd_per_million_tokens": { "input": "3", "output": "15" },
              "service_tiers": { "{{tier}}": { "usd_per_million_tokens": { "input": "{{input}}", "output": "{{output}}" } } }, {{Source}} } ] }
            """
        );
        Assert.Equal(isOdd, book.FindOddities().Any());
    }

    [Theory]
    [InlineData("\"input\": \"6\", \"cache_write\": \"7.5\"", "above 1000: cache_write_1h stays at 6 where its whole moves to 7.5.")]
    [InlineData("\"input\": \"6\", \"cache_write\": \"7.5\"", "above 1000: an hour of cache costs less than five minutes.")]
    [InlineData("\"input\": \"6\", \"cache_write\": \"7.5\", \"cache_write_1h\": \"12\"", null)]
    public void PartOfATier_ThatNobodyStates_IsOddWhereItStaysBehindItsWhole(string tier, string? oddity)
    {
        var book = Book(
            $$"""
            { "model": "m", "rows": [ { "usd_per_million_tokens": { "input": "3", "output": "15", "cache_write": "3.75", "cache_write_1h": "6" },
              "context_tiers": [ { "threshold_input_tokens": 1000, "usd_per_million_tokens": { {{tier}}, "output": "20" } } ], {{Source}} } ] }
            """
        );
        if (oddity is null)
            Assert.Empty(book.FindOddities());
        else
            Assert.Contains("acme/m " + oddity, book.FindOddities());
    }

    // What a tier states of audio stands beside audio.
    [Fact]
    public void AudioOfAPriorityTier_ThatCostsLessThanAudio_IsOdd()
    {
        var book = Book(
            $$"""
            { "model": "m", "rows": [ { "usd_per_million_tokens": { "input": "3", "output": "15", "input_audio": "8" },
              "service_tiers": { "priority": { "usd_per_million_tokens": { "input": "6", "output": "30", "input_audio": "7" } } }, {{Source}} } ] }
            """
        );
        Assert.Equal(["acme/m: priority input_audio costs 7 beside 8."], book.FindOddities());
    }

    [Theory]
    [InlineData("m-2026-01-05", "3", true)]
    [InlineData("m-latest", "3", true)]
    [InlineData("m-v1:0", "3", true)]
    [InlineData("m-latest", "4", false)]
    [InlineData("m-large", "3", false)]
    public void NameOfOneModel_WithOtherContextTiersAtTheSamePrice_IsOdd(string name, string input, bool isOdd)
    {
        var book = Book(
            $$"""
            { "model": "m", "rows": [ { "usd_per_million_tokens": { "input": "3", "output": "15" }, {{Source}} } ] },
            { "model": "{{name}}", "rows": [ { "usd_per_million_tokens": { "input": "{{input}}", "output": "15" },
              "context_tiers": [ { "threshold_input_tokens": 200000, "usd_per_million_tokens": { "input": "6", "output": "20" } } ], {{Source}} } ] }
            """
        );
        Assert.Equal(isOdd, book.FindOddities().Any());
    }

    // The price of another day, or of another model; some per cent are a region's, and a name that is no region's says nothing.
    [Theory]
    [InlineData("us/m", "3.3", "16.5", null)]
    [InlineData("us/m", "16.5", "82.5", "acme/us/m costs 5.5 times the input and 5.5 times the output of acme/m.")]
    [InlineData("eu-west-3/m", "3.3", "20", "acme/eu-west-3/m costs 1.1 times the input and 1.33 times the output of acme/m.")]
    [InlineData("eu.m", "0.9", "4.5", "acme/eu.m costs 0.3 times the input and 0.3 times the output of acme/m.")]
    [InlineData("fast/m", "16.5", "82.5", null)]
    public void Region_ThatCostsManyTimesItsModel_IsOdd(string name, string input, string output, string? oddity)
    {
        var book = Book(
            $$"""
            { "model": "m", "rows": [ { "usd_per_million_tokens": { "input": "3", "output": "15" }, {{Source}} } ] },
            { "model": "{{name}}", "rows": [ { "usd_per_million_tokens": { "input": "{{input}}", "output": "{{output}}" }, {{Source}} } ] }
            """
        );
        Assert.Equal(oddity is null ? [] : [oddity], book.FindOddities());
    }

    private const string Source = """ "source": "https://example.com/prices", "retrieved": "2026-11-20" """;

    private static PriceBook Book(string models) =>
        PriceBook.Parse(PriceFile.FromText("acme.json", $$"""{ "provider": "acme", "models": [ {{models}} ] }"""));
}
