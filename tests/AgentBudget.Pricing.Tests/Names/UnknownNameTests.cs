using CsCheck;

namespace AgentBudget.Pricing.Tests.Names;

public class UnknownNameTests
{
    [Theory]
    [InlineData("gpt-4-xyz")]
    [InlineData("gpt-4o-pro")]
    [InlineData("gpt-4o-2024-08-06-mini")]
    [InlineData("gpt-4o-2024-13-06")]
    [InlineData("gpt-4o-2024-00-06")]
    [InlineData("gpt-4o-1999-08-06")]
    [InlineData("gpt-4o-20240806-20240806")]
    [InlineData("gpt-4o-002")]
    [InlineData("gpt-4-1107")]
    [InlineData("my-gpt-4o")]
    [InlineData("x/gpt-4o")]
    [InlineData("openai/x/gpt-4o")]
    [InlineData("openai//gpt-4o")]
    [InlineData("/gpt-4o")]
    [InlineData("gpt-4o/")]
    [InlineData("openai/")]
    [InlineData("openai/openai/openai/gpt-4o")]
    [InlineData("gpt-4o:free")]
    [InlineData("openrouter/openai/gpt-4o:free")]
    [InlineData("openrouter/azure/no-such-deployment")]
    [InlineData("azure/my-deployment")]
    [InlineData("bedrock/us.anthropic.claude-none-20250929-v1:0")]
    [InlineData("groq/llama-9")]
    [InlineData("together-ai-4.1b-8b")]
    [InlineData("fireworks-ai-default")]
    [InlineData("o1-pro-max")]
    [InlineData("claude-sonnet-4-5-thinking-v9")]
    [InlineData("us.gpt-4o")]
    [InlineData("xx.anthropic.claude-sonnet-4-5-20250929-v1:0")]
    [InlineData("us.us.anthropic.claude-sonnet-4-5-20250929-v1:0")]
    [InlineData("gpt-4o\0")]
    [InlineData("gpt 4o")]
    [InlineData("-2024-08-06")]
    [InlineData("-latest")]
    [InlineData("ft:")]
    [InlineData("ft::")]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData(null)]
    public void Name_OfNoKnownForm_IsUnknown(string? model)
    {
        Assert.Null(PriceBook.Embedded.RowId(null, model));
        Assert.Null(PriceBook.Embedded.RowId("openai", model));
        Assert.Null(PriceBook.Embedded.RowId("openrouter", model));
    }

    [Theory]
    [InlineData("azure", "claude-v1")]
    [InlineData("my-proxy", "gpt-4o")]
    [InlineData("openai", "claude-sonnet-4-5")]
    [InlineData("openai", "anthropic/claude-sonnet-4-5")]
    [InlineData("openai", "openrouter/openai/gpt-4o")]
    [InlineData("openai\0", "gpt-4o")]
    [InlineData("öpenai", "gpt-4o")]
    public void Name_AtAnotherProvider_IsUnknown(string provider, string model) => Assert.Null(PriceBook.Embedded.RowId(provider, model));

    [Fact]
    public void Name_WithALookAlikeLetter_IsUnknown()
    {
        // U+212A, the Kelvin sign, becomes an ordinary k when lower-cased by Unicode's rules.
        Assert.NotNull(PriceBook.Embedded.RowId("openrouter", "x-ai/grok-4.5"));
        Assert.Null(PriceBook.Embedded.RowId("openrouter", "x-ai/gro\u212A-4.5"));
    }

    [Fact]
    public void Name_AtTheLongestLength_IsKnownAndOneMoreIsNot()
    {
        var longest = new string('m', PriceBook.MaxModelNameLength);
        var book = PriceBook.Parse(TestBook.File("p", "", TestBook.Model(longest, TestBook.FlatRow("1"))));

        Assert.NotNull(book.RowId("p", " " + longest + " "));
        Assert.Null(book.RowId("p", longest + "m"));
        Assert.Null(book.RowId("p", new string(' ', 100_000) + "m"));
    }

    [Fact]
    public void Name_AnyUnicodeText_ResolvesOrIsUnknownWithoutThrowing()
    {
        // Free text hardly ever meets the interesting branches, so known pieces are glued to it.
        string[] pieces =
        [
            "",
            "openai/",
            "openrouter/",
            "models/",
            "ft:",
            "us.",
            "gpt-4o",
            "claude-sonnet-4-5",
            "-v1:0",
            "-2024-08-06",
            "@latest",
            ":free",
            "\uD800",
            "İ",
            "\0",
        ];
        var piece = Gen.OneOf(
            Gen.Int[0, pieces.Length - 1].Select(index => pieces[index]),
            Gen.String[0, 20],
            Gen.String[Gen.Char, 0, 300]
        );
        Gen.Select(piece.Array[1, 6], Gen.OneOf(Gen.Const((string?)null), piece.Select(text => (string?)text)))
            .Sample(
                (parts, provider) =>
                {
                    var priced = PriceBook.Embedded.Price(provider, string.Concat(parts), TestBook.Noon, default);
                    return priced.IsPriced || priced.Problem == PriceProblem.UnknownModel;
                }
            );
    }
}
