namespace AgentBudget.Pricing.Tests.Table;

/// <summary>A name that a model carries and that is another one's is found by what whoever checks a table asks.</summary>
public class SiblingNameTests
{
    [Theory]
    [InlineData("claude-sonnet-4-6", "claude-sonnet-4@20250514")]
    [InlineData("gemini-1.5-flash", "gemini-1.5-flash-8b")]
    [InlineData("us.anthropic.claude-opus-4-6-v1", "us.anthropic.claude-opus-4-7-v1:0")]
    [InlineData("gpt-5.6", "gpt-5")]
    public void Oddities_OfANameThatIsASiblings_NameIt(string model, string alias)
    {
        var oddity = Assert.Single(OdditiesOf(model, alias));
        Assert.Contains($"\"{alias}\" looks like a sibling's name", oddity, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gpt-4o", "gpt-4o-2024-08-06")]
    [InlineData("claude-3-5-sonnet", "claude-35-sonnet")]
    [InlineData("us.anthropic.claude-opus-4-6-v1", "eu.anthropic.claude-opus-4-6-v1:0")]
    [InlineData("gemini-2.0-flash", "gemini-2.0-flash-001")]
    public void Oddities_OfTheSameModelsOtherName_AreNone(string model, string alias) => Assert.Empty(OdditiesOf(model, alias));

    private static IEnumerable<string> OdditiesOf(string model, string alias) =>
        PriceBook
            .Parse(TestBook.File("p", "", TestBook.Model(model, $"\"aliases\": [\"{alias}\"]", [TestBook.FlatRow("1")])))
            .FindOddities();
}
