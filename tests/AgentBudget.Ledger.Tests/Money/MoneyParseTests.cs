namespace AgentBudget.Ledger.Tests;

public sealed class MoneyParseTests
{
    [Theory]
    [InlineData("$5.00", 5_000_000_000)]
    [InlineData("$5", 5_000_000_000)]
    [InlineData("5.00", 5_000_000_000)]
    [InlineData("5", 5_000_000_000)]
    [InlineData(" 5 ", 5_000_000_000)]
    [InlineData("0", 0)]
    [InlineData("$.5", 500_000_000)]
    [InlineData("007", 7_000_000_000)]
    [InlineData("0.000000001", 1)]
    [InlineData("0.0375", 37_500_000)]
    [InlineData("1000000000", 1_000_000_000_000_000_000)]
    public void Parse_Dollars_GivesNanoDollars(string text, long nanoDollars) => Assert.Equal(nanoDollars, Money.Parse(text).NanoDollars);

    [Theory]
    [InlineData(null, "missing")]
    [InlineData("", "missing")]
    [InlineData(" ", "missing")]
    [InlineData("$", "no digits")]
    [InlineData("-1", "negative")]
    [InlineData("-$1", "negative")]
    [InlineData("$-1", "negative")]
    [InlineData("-0", "negative")]
    [InlineData("+1", "not an amount")]
    [InlineData("NaN", "not an amount")]
    [InlineData("Infinity", "not an amount")]
    [InlineData("∞", "not an amount")]
    [InlineData("1e9", "not an amount")]
    [InlineData("1E-2", "not an amount")]
    [InlineData("1,000", "not an amount")]
    [InlineData("1_000", "not an amount")]
    [InlineData("1 000", "not an amount")]
    [InlineData("0x10", "not an amount")]
    [InlineData("5.", "not an amount")]
    [InlineData(".", "not an amount")]
    [InlineData("5.0.0", "not an amount")]
    [InlineData("$$5", "not an amount")]
    [InlineData("5$", "not an amount")]
    [InlineData("€5", "not an amount")]
    [InlineData("١", "not an amount")]
    [InlineData("５", "not an amount")]
    [InlineData("1.0000000001", "more than 9 decimals")]
    [InlineData("1.0000000000", "more than 9 decimals")]
    [InlineData("1000000001", "the largest amount")]
    [InlineData("1000000000.000000001", "the largest amount")]
    [InlineData("000000000000000000000000000000001", "too long")]
    public void Parse_AnythingElse_SaysWhatIsWrong(string? text, string expected)
    {
        Assert.False(Money.TryParse(text, out _, out var problem));
        Assert.Contains(expected, problem, StringComparison.Ordinal);
        Assert.Equal(problem, Assert.Throws<FormatException>(() => Money.Parse(text!)).Message);
    }

    [Fact]
    public void Parse_NegativeInfinity_IsRefused() => Assert.False(Money.TryParse("-Infinity", out _, out _));

    [Theory]
    [InlineData("1\n2")]
    [InlineData("\u001b[31m5")]
    [InlineData("5\0")]
    [InlineData("\u009b5")]
    public void Parse_ControlCharacters_StayOutOfTheMessage(string text)
    {
        Assert.False(Money.TryParse(text, out _, out var problem));
        Assert.DoesNotContain(problem, char.IsControl);
    }

    // Regression: texts beyond what a decimal holds, still short enough to be read, threw OverflowException out of TryParse.
    [Theory]
    [InlineData("99999999999999999999999999999")]
    [InlineData("99999999999999999999999999999999")]
    [InlineData("$9999999999999999999999999999999")]
    public void TryParse_BeyondADecimal_IsRefusedNotThrown(string text)
    {
        Assert.False(Money.TryParse(text, out var money, out var problem));
        Assert.Equal(Money.Zero, money);
        Assert.Contains("the largest amount", problem, StringComparison.Ordinal);
        Assert.Throws<FormatException>(() => Money.Parse(text));
    }
}
