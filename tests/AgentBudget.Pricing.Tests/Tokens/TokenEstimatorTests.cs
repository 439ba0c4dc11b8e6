using System.Text;
using CsCheck;
using Microsoft.ML.Tokenizers;

namespace AgentBudget.Pricing.Tests.Tokens;

public class TokenEstimatorTests
{
    private const string Text = "The quick brown fox jumps over the lazy dog.";

    private static readonly TokenEstimator Estimator = TokenEstimator.Shared;

    private static readonly TokenEstimator Broken = new(() => throw new InvalidOperationException("no vocabulary"));

    [Theory]
    [InlineData("gpt-4o")]
    [InlineData("openai/gpt-5.1")]
    [InlineData("o3-mini")]
    public void Text_OfAModelWithAKnownTokenizer_IsCounted(string model) => Assert.Equal(10, Estimator.Estimate(model, Text));

    [Theory]
    [InlineData("claude-opus-4-6")]
    [InlineData("gemini-3-pro-preview")]
    [InlineData("o1x")]
    [InlineData("")]
    [InlineData(null)]
    public void Text_OfAnyOtherModel_IsCountedAndRaisedByHalf(string? model) => Assert.Equal(15, Estimator.Estimate(model, Text));

    [Fact]
    public void Prompt_WithMessagesAndTools_AddsWhatStandsAroundThem()
    {
        var prompt = new PromptText([Text, null, ""], [Text]);
        var expected = TokenEstimator.TokensPerPrompt + (3 * TokenEstimator.TokensPerMessage) + TokenEstimator.TokensPerTool + 20;

        Assert.Equal(expected, Estimator.Estimate("gpt-4o", prompt));
    }

    [Fact]
    public void Text_WithoutAVocabulary_IsBoundedByItsBytes() => Assert.Equal(Text.Length, Broken.Estimate("gpt-4o", Text));

    [Fact]
    public void Text_OfEnormousLength_IsBoundedByItsBytes() =>
        Assert.Equal(3_000_000, Estimator.Estimate("gpt-4o", new string('a', 3_000_000)));

    [Fact]
    public void Text_OfAnyKind_IsEstimatedWithoutThrowingAndNeverBelowTheCount()
    {
        var tokenizer = TiktokenTokenizer.CreateForEncoding("o200k_base");
        Gen.OneOf(Gen.String[0, 200], Gen.String[Gen.Char, 0, 200])
            .Sample(
                text =>
                {
                    var estimate = Estimator.Estimate("some-model", text);
                    return estimate >= 0
                        && estimate <= Encoding.UTF8.GetByteCount(text)
                        && (text.Any(char.IsSurrogate) || estimate >= tokenizer.CountTokens(text));
                },
                iter: 300
            );
    }
}
