namespace AgentBudget.Pricing.Tests.Names;

/// <summary>Names that programs and clouds put more into than a model.</summary>
public class MarkedNameTests
{
    private static string? RowOf(string? provider, string name) =>
        PriceBook.Embedded.TryResolve(provider, name, new DateTimeOffset(2026, 11, 28, 0, 0, 0, TimeSpan.Zero), out var row)
            ? row.Id
            : null;

    [Theory]
    [InlineData("claude-opus-4-8[1m]", "claude-opus-4-8")]
    [InlineData("anthropic/claude-opus-4-8[1m]", "claude-opus-4-8")]
    [InlineData(
        "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-sonnet-4-6",
        "us.anthropic.claude-sonnet-4-6"
    )]
    [InlineData("arn:aws:bedrock:eu-west-1::foundation-model/anthropic.claude-sonnet-4-6", "anthropic.claude-sonnet-4-6")]
    [InlineData(
        "bedrock/arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-sonnet-4-6",
        "us.anthropic.claude-sonnet-4-6"
    )]
    public void Name_WithAMarkOrInAnArn_IsTheModels(string name, string model)
    {
        Assert.NotNull(RowOf(null, name));
        Assert.Equal(RowOf(null, model), RowOf(null, name));
    }

    [Theory]
    [InlineData("claude-opus-4-8[cheap]")]
    [InlineData("claude-opus-4-8[]")]
    [InlineData("[1m]")]
    [InlineData("claude-opus-4-8[1m][1m]")]
    [InlineData("arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abcdefghij12")]
    [InlineData("arn:aws:s3:::inference-profile/us.anthropic.claude-sonnet-4-6")]
    public void Name_OfAnotherForm_StaysUnknown(string name) => Assert.Null(RowOf(null, name));
}
