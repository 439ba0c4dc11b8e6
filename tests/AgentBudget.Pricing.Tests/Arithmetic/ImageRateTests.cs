using AgentBudget.Ledger;

namespace AgentBudget.Pricing.Tests.Arithmetic;

/// <summary>Usage does not count image tokens apart, so their rates move no price; a dearer one is said.</summary>
public sealed class ImageRateTests
{
    [Theory]
    [InlineData(""" "output_image": "30" """, PriceWarnings.ImagesNotCounted)]
    [InlineData(""" "input_image": "1.01" """, PriceWarnings.ImagesNotCounted)]
    [InlineData(""" "input_image": "1", "output_image": "1.5" """, PriceWarnings.None)]
    public void Rate_OfImages_IsSaidWhereItIsDearerThanText(string rates, PriceWarnings expected)
    {
        var book = TestBook.OfRow($$""" "usd_per_million_tokens": { "input": "1", "output": "2", {{rates}} } """);
        var priced = book.Price("p", "m", TestBook.Noon, new TokenUsage(1_000_000, 1_000_000));
        Assert.Equal((Money.Parse("3"), expected), (priced.Cost, priced.Warnings));
    }
}
