using CsCheck;

namespace AgentBudget.Ledger.Tests;

/// <summary>
/// What must hold of any text: reading it never throws anything but the documented error, what is read is in range, and no message
/// carries a control character.
/// </summary>
public sealed class MoneyFuzzTests
{
    // Texts that look like money: arbitrary ones rarely get past the first check.
    private static readonly Gen<string> AlmostMoney = Gen.String[Gen.Char["0123456789.$-+eE, \t\n\0٣９∞N"], 0, 40];

    private static readonly Gen<Money> Amounts = Gen.OneOf(Gen.Long[0, 1_000], Gen.Long[0, Money.MaxAmount.NanoDollars])
        .Select(Money.FromNanoDollars);

    [Fact]
    public void Parse_AnyText_ThrowsNothingButFormatException() =>
        Gen.OneOf(Gen.String, AlmostMoney, Gen.String[Gen.Char['0', '9'], 25, 34])
            .Sample(
                text =>
                {
                    var isMoney = Money.TryParse(text, out var money, out var problem);
                    Assert.Equal(isMoney, problem is null);
                    Assert.True(money >= Money.Zero && money <= Money.MaxAmount, "out of range");
                    if (isMoney)
                    {
                        Assert.Equal(money, Money.Parse(money.ToDecimalString()));
                        return;
                    }

                    Assert.DoesNotContain(problem!, char.IsControl);
                    Assert.Equal(problem, Assert.Throws<FormatException>(() => Money.Parse(text)).Message);
                },
                iter: 50_000
            );

    [Fact]
    public void Parse_WhatMoneyWrites_GivesItBack() =>
        Amounts.Sample(
            money =>
            {
                Assert.Equal(money, Money.Parse(money.ToDecimalString()));
                Assert.Equal(money, Money.Parse(money.ToString()));
                Assert.Equal(money, Money.FromDollars(money.Dollars));
                Assert.Equal(money, Money.FromDollarsRoundedUp(money.Dollars));
            },
            iter: 50_000
        );

    [Fact]
    public void FromDollarsRoundedUp_AnyFraction_IsLessThanANanoDollarAbove() =>
        Gen.Select(Gen.Long[0, 1_000_000_000_000_000], Gen.Int[0, 999_999])
            .Sample(
                (nanoDollars, rest) =>
                {
                    var dollars = (nanoDollars + (rest / 1_000_000m)) / Money.NanoDollarsPerDollar;
                    var above = (Money.FromDollarsRoundedUp(dollars).Dollars - dollars) * Money.NanoDollarsPerDollar;
                    Assert.True(above is >= 0 and < 1, $"{dollars} was rounded by {above} nano-dollars");
                },
                iter: 50_000
            );
}
