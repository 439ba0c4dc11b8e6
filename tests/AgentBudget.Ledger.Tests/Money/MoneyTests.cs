using System.Globalization;
using static AgentBudget.Ledger.Tests.SessionScript;

namespace AgentBudget.Ledger.Tests;

public sealed class MoneyTests
{
    [Theory]
    [InlineData("0", "$0.00", "0.000000000")]
    [InlineData("3.42", "$3.42", "3.420000000")]
    [InlineData("0.106639", "$0.106639", "0.106639000")]
    [InlineData("-1", "-$1.00", "-1.000000000")]
    [InlineData("0.000000001", "$0.000000001", "0.000000001")]
    [InlineData("1000000000", "$1000000000.00", "1000000000.000000000")]
    public void Money_Written_KeepsAllDigits(string amount, string forPeople, string forMachines)
    {
        Assert.Equal(forPeople, Usd(amount).ToString());
        Assert.Equal(forMachines, Usd(amount).ToDecimalString());
    }

    [Fact]
    public void Money_ThreeTimesTenCents_IsExactlyThirty() => Assert.Equal(Usd("0.30"), Usd("0.10") + Usd("0.10") + Usd("0.10"));

    [Fact]
    public void Money_BeyondItsRange_ThrowsAndNeverWraps()
    {
        var most = Money.FromNanoDollars(long.MaxValue);
        var least = Money.FromNanoDollars(long.MinValue);
        Assert.Throws<OverflowException>(() => most + Money.FromNanoDollars(1));
        Assert.Throws<OverflowException>(() => least - Money.FromNanoDollars(1));
        Assert.Throws<OverflowException>(() => -least);
        Assert.Equal("-$9223372036.854775808", least.ToString());
    }

    [Theory]
    [InlineData("0.0000000001")]
    [InlineData("1000000000.1")]
    [InlineData("-1000000000.1")]
    public void FromDollars_TooFineOrTooLarge_Throws(string dollars) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Money.FromDollars(decimal.Parse(dollars, CultureInfo.InvariantCulture)));

    [Fact]
    public void FromDollarsRoundedUp_HalfANanoDollar_IsAWholeOne()
    {
        Assert.Equal(38, Money.FromDollarsRoundedUp(0.0000000375m).NanoDollars);
        Assert.Equal(1, Money.FromDollarsRoundedUp(0.0000000000000000000000000001m).NanoDollars);
        Assert.Throws<ArgumentOutOfRangeException>(() => Money.FromDollarsRoundedUp(-0.01m));
        Assert.Throws<ArgumentOutOfRangeException>(() => Money.FromDollarsRoundedUp(decimal.MaxValue));
    }

    [Fact]
    public void Money_Compared_FollowsItsAmount()
    {
        Assert.Equal(Usd("1"), Money.Min(Usd("1"), Usd("2")));
        Assert.Equal(Usd("2"), Money.Max(Usd("1"), Usd("2")));
        Assert.True(Usd("1") < Usd("2") && Usd("2") <= Usd("2") && Usd("2") > Usd("1") && Usd("2") >= Usd("2"));
        Assert.Equal([Usd("-1"), Usd("0"), Usd("3")], new[] { Usd("3"), Usd("-1"), Usd("0") }.Order());
    }
}
