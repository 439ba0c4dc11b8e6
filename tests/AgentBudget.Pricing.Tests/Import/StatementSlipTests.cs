namespace AgentBudget.Pricing.Tests.Import;

/// <summary>What a source states in the wrong place.</summary>
public sealed class StatementSlipTests : IDisposable
{
    private readonly SmallSources sources = new();

    public void Dispose() => sources.Dispose();

    private PriceRow Row(string model) =>
        sources.Book().TryResolve("acme", model, new DateTimeOffset(2026, 11, 20, 0, 0, 0, TimeSpan.Zero), out var row)
            ? row
            : throw new InvalidOperationException(model);

    // litellm has OpenAI's half of input for cached tokens as the price of a write, for the regions of gpt-4o-2024-11-20 at Azure.
    [Fact]
    public void CacheWrite_BelowInputWhereNoReadIsStated_IsThePriceOfTheRead()
    {
        sources.LiteLlm("m", Price("2.75", """, "cache_creation_input_token_cost": 1.38e-06"""));

        var rates = Row("m").Rates;
        Assert.Equal((1.38m, null), (rates[RateDimension.CacheRead], rates[RateDimension.CacheWrite]));
    }

    [Fact]
    public void CacheWrite_BelowInputBesideARead_IsWhatStorageCosts()
    {
        sources.LiteLlm("m", Price("0.6", """, "cache_read_input_token_cost": 3e-08, "cache_creation_input_token_cost": 3.75e-07"""));

        var rates = Row("m").Rates;
        Assert.Equal((0.03m, 0.375m), (rates[RateDimension.CacheRead], rates[RateDimension.CacheWrite]));
    }

    // models.dev has Novita's price for output in the place of the cached tokens of MiMo V2 Flash.
    [Theory]
    [InlineData("0.3", true, "0.02")]
    [InlineData("0.05", true, "0.05")]
    [InlineData("0.3", false, "0.3")]
    public void CacheRead_DearerThanInput_IsASlipWhereAnotherSourceStatesOneThatIsNot(string read, bool isStatedTwice, string expected)
    {
        sources.ModelsDev("m", $"input = 0.1\noutput = 0.3\ncache_read = {read}");
        if (isStatedTwice)
            sources.LiteLlm("m", Price("0.1", """, "cache_read_input_token_cost": 2e-08""", output: "0.3"));

        Assert.Equal(decimal.Parse(expected, null), Row("m").Rates[RateDimension.CacheRead]);
    }

    private static string Price(string input, string others, string output = "11") =>
        $""" "input_cost_per_token": {input}e-06, "output_cost_per_token": {output}e-06 {others} """;
}
