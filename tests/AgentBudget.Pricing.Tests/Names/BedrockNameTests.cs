namespace AgentBudget.Pricing.Tests.Names;

public class BedrockNameTests
{
    private static readonly PriceBook Book = PriceBook.Parse(
        TestBook.File(
            "bedrock",
            """ "name_forms": ["bedrock"] """,
            TestBook.Model("anthropic.claude-x", """ "dated_names": ["anthropic.claude-x"] """, [TestBook.FlatRow("10")]),
            TestBook.Model("eu.anthropic.claude-x", """ "dated_names": ["eu.anthropic.claude-x"] """, [TestBook.FlatRow("11")]),
            TestBook.Model("meta.llama-v1:0", TestBook.FlatRow("1"))
        ),
        TestBook.File("p", "", TestBook.Model("plain", TestBook.FlatRow("1")))
    );

    [Theory]
    [InlineData("anthropic.claude-x", "bedrock/anthropic.claude-x")]
    [InlineData("anthropic.claude-x-v1:0", "bedrock/anthropic.claude-x")]
    [InlineData("anthropic.claude-x-20250929-v1:0", "bedrock/anthropic.claude-x")]
    [InlineData("us.anthropic.claude-x-20250929-v1:0", "bedrock/anthropic.claude-x")]
    [InlineData("us-gov.anthropic.claude-x-20250929-v2:0", "bedrock/anthropic.claude-x")]
    [InlineData("global.anthropic.claude-x", "bedrock/anthropic.claude-x")]
    [InlineData("eu.anthropic.claude-x", "bedrock/eu.anthropic.claude-x")]
    [InlineData("eu.anthropic.claude-x-20250929-v1:0", "bedrock/eu.anthropic.claude-x")]
    [InlineData("meta.llama-v1:0", "bedrock/meta.llama-v1:0")]
    [InlineData("us.meta.llama-v1:0", "bedrock/meta.llama-v1:0")]
    [InlineData("xx.anthropic.claude-x", null)]
    [InlineData("us.eu.anthropic.claude-x", null)]
    [InlineData("anthropic.claude-x-v1", null)]
    [InlineData("anthropic.claude-x-v1:0:200k", null)]
    [InlineData("us.plain", null)]
    [InlineData("plain-v1:0", null)]
    public void BedrockName_WithRegionAndVersion_KeepsRegionalPrices(string model, string? rowId)
    {
        Assert.Equal(rowId, Book.RowId(null, model));
        if (rowId is not null)
            Assert.Equal(rowId, Book.RowId("bedrock", model));
    }
}
