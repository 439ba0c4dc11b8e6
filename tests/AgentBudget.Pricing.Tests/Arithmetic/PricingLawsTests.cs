using CsCheck;

namespace AgentBudget.Pricing.Tests.Arithmetic;

/// <summary>
/// Laws of every row of the embedded table:
/// 1. cost is monotone in input and in output;
/// 2. cost is monotone in a part when its whole grows with it;
/// 3. without tiers and fees, a call split in two costs the same up to the two roundings;
/// 4. rounding adds less than one nano-dollar;
/// 5. a worst case is at least as dear as any call with text and images within its counts;
/// 6. a limit is enforced at no less than any split of what the usage leaves open between text and images;
/// 7. a split of images is priced alike on all terms, once both sides tell theirs.
/// </summary>
public class PricingLawsTests
{
    private static readonly PriceBook Book = PriceBook.Embedded;

    private static readonly Gen<PriceRow> Rows = OneOf([.. Book.Rows]);

    private static readonly Gen<long> Count = Gen.Frequency(
        (3, Gen.Long[0, 5_000]),
        (2, Gen.Long[0, 600_000]),
        (1, Gen.Long[199_990, 200_010])
    );

    /// <summary>Text usage built from its parts, so that the wholes always hold them.</summary>
    private static readonly Gen<TokenUsage> Usages = Gen.Select(
        Count,
        Count,
        Count,
        Count,
        Count,
        Count,
        (plain, read, write, hour, reasoning, answer) =>
            new TokenUsage(plain + read + write + hour, reasoning + answer)
            {
                CacheRead = read,
                CacheWrite = write + hour,
                CacheWriteOneHour = hour,
                Reasoning = reasoning,
            }
    );

    // The rows where these laws have something to say, beside all others.
    private static readonly Gen<PriceRow> RowsWithImages = Gen.OneOf(
        Rows,
        OneOf([.. Book.Rows.Where(row => (row.Rates[RateDimension.InputImage] ?? row.Rates[RateDimension.OutputImage]) is not null)])
    );

    private static Gen<PriceRow> OneOf(PriceRow[] rows) => Gen.Int[0, rows.Length - 1].Select(index => rows[index]);

    private static long NanoDollars(PriceRow row, in TokenUsage usage, in CallTerms terms = default) =>
        Book.Price(row, usage, terms).Cost.NanoDollars;

    [Fact]
    public void Cost_WhenInputOrOutputGrows_NeverFalls() =>
        Gen.Select(Rows, Usages, Count, Count)
            .Sample(
                (row, usage, moreInput, moreOutput) =>
                {
                    var more = usage with { Input = usage.Input + moreInput, Output = usage.Output + moreOutput };
                    return NanoDollars(row, more) >= NanoDollars(row, usage);
                }
            );

    [Fact]
    public void Cost_WhenAPartGrowsWithItsWhole_NeverFalls() =>
        Gen.Select(RowsWithImages, Usages, Count, Gen.Int[0, 6])
            .Sample(
                (row, usage, more, part) =>
                {
                    var input = usage with { Input = usage.Input + more };
                    var grown = part switch
                    {
                        0 => input with { CacheRead = usage.CacheRead + more },
                        1 => input with { CacheWrite = usage.CacheWrite + more },
                        2 => input with { CacheWrite = usage.CacheWrite + more, CacheWriteOneHour = usage.CacheWriteOneHour + more },
                        3 => input with { InputAudio = usage.InputAudio + more },
                        4 => input with { InputImage = usage.InputImage + more },
                        5 => usage with { Output = usage.Output + more, OutputImage = usage.OutputImage + more },
                        _ => usage with { Output = usage.Output + more, Reasoning = usage.Reasoning + more },
                    };
                    return NanoDollars(row, grown) >= NanoDollars(row, usage);
                }
            );

    [Fact]
    public void Cost_OfACallSplitInTwo_IsTheSameUpToRounding()
    {
        var flat = OneOf([.. Book.Rows.Where(row => row.ContextTiers.Count == 0 && row.Rates[RateDimension.Request] is null)]);
        Gen.Select(flat, Usages, Usages)
            .Sample((row, one, other) => NanoDollars(row, one) + NanoDollars(row, other) - NanoDollars(row, one + other) is 0 or 1);
    }

    [Fact]
    public void Rounding_OfAnyCall_AddsLessThanOneNanoDollar() =>
        Gen.Select(Rows, Usages, Gen.Long[1, 1000])
            .Sample(
                (row, usage, repetitions) =>
                {
                    // A thousand calls rolled into one are rounded once; what each pays above its share is what rounding added.
                    if (row.ContextTiers.Count > 0 || row.Rates[RateDimension.Request] is not null)
                        return true;
                    var all = new TokenUsage(usage.Input * repetitions, usage.Output * repetitions)
                    {
                        CacheRead = usage.CacheRead * repetitions,
                        CacheWrite = usage.CacheWrite * repetitions,
                        CacheWriteOneHour = usage.CacheWriteOneHour * repetitions,
                        Reasoning = usage.Reasoning * repetitions,
                    };
                    var added = (NanoDollars(row, usage) * repetitions) - NanoDollars(row, all);
                    return added >= 0 && added < repetitions;
                }
            );

    [Fact]
    public void WorstCase_OfAnyCallWithinItsCounts_IsAtLeastAsDear() =>
        Gen.Select(RowsWithImages, Usages, Count, Count, Count, Count)
            .Sample(
                (row, usage, seen, drawn, spareInput, spareOutput) =>
                {
                    var withImages = usage with
                    {
                        Input = usage.Input + seen,
                        InputImage = seen,
                        Output = usage.Output + drawn,
                        OutputImage = drawn,
                    };
                    var worst = Book.WorstCase(row, withImages.Input + spareInput, withImages.Output + spareOutput).Price.Cost.NanoDollars;
                    return worst >= NanoDollars(row, withImages)
                        && worst >= NanoDollars(row, withImages, CallTerms.Enforced)
                        && worst >= NanoDollars(row, withImages with { InputImage = 0, OutputImage = 0 }, CallTerms.Enforced);
                }
            );

    [Fact]
    public void Enforced_OfWhateverAUsageLeavesOpen_IsAtLeastAnySplitOfIt() =>
        Gen.Select(RowsWithImages, Usages, Gen.Int[0, 100], Gen.Int[0, 100])
            .Sample(
                (row, usage, inPercent, outPercent) =>
                {
                    var split = usage with
                    {
                        InputImage = (usage.Input - usage.CacheRead - usage.CacheWrite) * inPercent / 100,
                        OutputImage = (usage.Output - usage.Reasoning) * outPercent / 100,
                    };
                    return NanoDollars(row, usage, CallTerms.Enforced) >= NanoDollars(row, split);
                }
            );

    [Fact]
    public void Split_OfBothSides_IsPricedAlikeOnAllTerms() =>
        Gen.Select(RowsWithImages, Usages, Count, Count)
            .Sample(
                (row, usage, seen, drawn) =>
                {
                    var split = usage with
                    {
                        Input = usage.Input + seen,
                        InputImage = seen,
                        Output = usage.Output + drawn + 1,
                        OutputImage = drawn + 1,
                    };
                    return NanoDollars(row, split) == NanoDollars(row, split, CallTerms.Enforced);
                }
            );
}
