namespace AgentBudget.Ledger.Tests;

public sealed class MoneyParseTests
{
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
