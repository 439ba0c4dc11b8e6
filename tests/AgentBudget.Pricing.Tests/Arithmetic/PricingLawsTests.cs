using AgentBudget.Ledger;
using CsCheck;

namespace AgentBudget.Pricing.Tests.Arithmetic;

/// <summary>
/// Laws of every row of the embedded table:
/// 1. cost is monotone in input and in output;
/// 2. cost is monotone in a part when its whole grows with it;
/// 3. without tiers and fees, a call split in two costs the same up to the two roundings;
/// 4. rounding adds less than one nano-dollar;
/// 5. a worst case is at least as dear as any text call within its counts.
/// </summary>
public class PricingLawsTests
{
    private static readonly PriceBook Book = PriceBook.Embedded;

    private static readonly Gen<PriceRow> Rows = OneOf([.. Book.Rows]);

    private static readonly Gen<long> Count = Gen.Frequency((3, Gen.Long[0, 5_000]), (2, Gen.Long[0, 600_000]), (1, Gen.Long[199_990, 200_010]));

    /// <summary>Text usage built from its parts, so that the wholes always hold them.</summary>
    private static readonly Gen<TokenUsage> Usages =
        Gen.Select(Count, Count, Count, Count, Count, Count, (plain, read, write, hour, reasoning, answer) =>
            new TokenUsage(plain + read + write + hour, reasoning + answer)
            {
                CacheRead = read,
                CacheWrite = write + hour,
                CacheWriteOneHour = hour,
                Reasoning = reasoning,
            });

    private static Gen<PriceRow> OneOf(PriceRow[] rows) => Gen.Int[0, rows.Length - 1].Select(index => rows[index]);

    private static long NanoDollars(PriceRow row, in TokenUsage usage) => Book.Price(row, usage).Cost.NanoDollars;

    [Fact]
    public void Cost_WhenInputOrOutputGrows_NeverFalls() =>
        Gen.Select(Rows, Usages, Count, Count).Sample((row, usage, moreInput, moreOutput) =>
        {
            var more = usage with { Input = usage.Input + moreInput, Output = usage.Output + moreOutput };
            return NanoDollars(row, more) >= NanoDollars(row, usage);
        });

    [Fact]
    public void Cost_WhenAPartGrowsWithItsWhole_NeverFalls() =>
        Gen.Select(Rows, Usages, Count, Gen.Int[0, 4]).Sample((row, usage, more, part) =>
        {
            var input = usage with { Input = usage.Input + more };
            var grown = part switch
            {
                0 => input with { CacheRead = usage.CacheRead + more },
                1 => input with { CacheWrite = usage.CacheWrite + more },
                2 => input with { CacheWrite = usage.CacheWrite + more, CacheWriteOneHour = usage.CacheWriteOneHour + more },
                3 => input with { InputAudio = usage.InputAudio + more },
                _ => usage with { Output = usage.Output + more, Reasoning = usage.Reasoning + more },
            };
            return NanoDollars(row, grown) >= NanoDollars(row, usage);
        });

    [Fact]
    public void Cost_OfACallSplitInTwo_IsTheSameUpToRounding()
    {
        var flat = OneOf([.. Book.Rows.Where(row => row.ContextTiers.Count == 0 && row.Rates[RateDimension.Request] is null)]);
        Gen.Select(flat, Usages, Usages).Sample((row, one, other) =>
            NanoDollars(row, one) + NanoDollars(row, other) - NanoDollars(row, one + other) is 0 or 1);
    }

    [Fact]
    public void Rounding_OfAnyCall_AddsLessThanOneNanoDollar() =>
        Gen.Select(Rows, Usages, Gen.Long[1, 1000]).Sample((row, usage, repetitions) =>
        {
            // A thousand calls rolled into one are rounded once; what each pays above its share is what rounding added.
            if (row.ContextTiers.Count > 0 || row.Rates[RateDimension.Request] is not null) return true;
            var all = new TokenUsage(usage.Input * repetitions, usage.Output * repetitions)
            {
                CacheRead = usage.CacheRead * repetitions,
                CacheWrite = usage.CacheWrite * repetitions,
                CacheWriteOneHour = usage.CacheWriteOneHour * repetitions,
                Reasoning = usage.Reasoning * repetitions,
            };
            var added = (NanoDollars(row, usage) * repetitions) - NanoDollars(row, all);
            return added >= 0 && added < repetitions;
        });

    [Fact]
    public void WorstCase_OfAnyCallWithinItsCounts_IsAtLeastAsDear() =>
        Gen.Select(Rows, Usages, Count, Count).Sample((row, usage, spareInput, spareOutput) =>
        {
            var worst = Book.WorstCase(row, usage.Input + spareInput, usage.Output + spareOutput);
            return worst.Price.Cost.NanoDollars >= NanoDollars(row, usage);
        });
}
