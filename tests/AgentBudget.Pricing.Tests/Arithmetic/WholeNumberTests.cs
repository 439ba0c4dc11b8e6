using AgentBudget.Pricing.Arithmetic;
using CsCheck;

namespace AgentBudget.Pricing.Tests.Arithmetic;

/// <summary>Two ways of adding up must never differ: whole numbers for nearly every call, decimals for huge ones and for factors.</summary>
public class WholeNumberTests
{
    private static readonly PriceRow[] Rows = [.. PriceBook.Embedded.Rows];

    private static readonly Gen<long> Count = Gen.OneOf(Gen.Long[0, 10], Gen.Long[0, 3_000_000], Gen.Long[0, 1_000_000_000_000]);

    [Fact]
    public void NanoDollars_OfAnyCallThatFits_AreThoseOfDecimalsRoundedUp() =>
        Gen.Select(Gen.Int[0, Rows.Length - 1], Count, Count, Count, Count, Count, Gen.Long[0, 1000])
            .Sample(
                (index, plain, read, write, reasoning, answer, searches) =>
                {
                    var usage = new TokenUsage(plain + read + write, reasoning + answer)
                    {
                        CacheRead = read,
                        CacheWrite = write,
                        CacheWriteOneHour = write / 2,
                        Reasoning = reasoning,
                        InputAudio = plain / 3,
                        OutputAudio = answer / 3,
                        InputImage = plain / 4,
                        OutputImage = answer / 4,
                        WebSearches = searches,
                        CacheReadAudio = Math.Min(read, plain / 3) / 2,
                        CacheReadImage = Math.Min(read, plain / 4) / 2,
                        InputCharacters = answer,
                        InputAudioSeconds = read,
                        OutputPictures = searches,
                        Containers = searches / 2,
                        FileSearches = searches,
                    };
                    var rates = Rows[index].RatesFor(default, usage.Input, out _);
                    var parts = new UsageParts(usage, long.MaxValue);
                    if (!rates.CanPrice(parts))
                        parts = new UsageParts(OfTokens(usage), long.MaxValue);
                    if (!rates.CanPrice(parts))
                        return true;
                    var whole = rates.WholeNumbers.NanoDollars(parts);
                    if (whole < 0)
                        return true;
                    var dollars = CallArithmetic.TokenDollars(rates, parts) + CallArithmetic.OtherDollars(rates, parts);
                    return whole == decimal.Ceiling(dollars * Money.NanoDollarsPerDollar);
                }
            );

    private static TokenUsage OfTokens(TokenUsage usage)
    {
        foreach (var row in RateDimensions.All.Where(row => row.Unit != RateUnit.PerMillionTokens && row.Charges is not null))
            usage = usage.With(row.Charges!.Value, 0);
        return usage;
    }

    [Fact]
    public void NanoDollars_OfACallTooLarge_AreLeftToDecimals()
    {
        Assert.True(PriceBook.Embedded.TryResolve("openai", "o1-pro", TestBook.Noon, out var row));
        var usage = new TokenUsage(TokenUsage.MaxCount, 0);
        Assert.Equal(-1, row.RatesFor(default, usage.Input, out _).WholeNumbers.NanoDollars(new UsageParts(usage, long.MaxValue)));
        Assert.Equal(Money.Parse("150000000"), PriceBook.Embedded.Price(row, usage).Cost);
    }
}
