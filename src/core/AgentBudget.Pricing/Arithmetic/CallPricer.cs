namespace AgentBudget.Pricing.Arithmetic;

/// <summary>From a row, a usage and terms to the answer that callers get. The only place where a cost is rounded.</summary>
internal static class CallPricer
{
    // Kept, because turning an amount into dollars divides, and this is asked of every call.
    private static readonly decimal MaxDollars = Money.MaxAmount.Dollars;
    private static readonly long MaxNanoDollars = Money.MaxAmount.NanoDollars;

    public static PricedCall Price(PriceRow row, in TokenUsage usage, in CallTerms terms, string tableVersion)
    {
        if (usage.FindProblem() is { } problem)
            return PricedCall.Refused(PriceProblem.ImpossibleUsage, problem, row, tableVersion);

        var rates = row.RatesFor(terms, usage.Input, out var warnings);
        var parts = new UsageParts(usage, row.MaxWebSearches);
        if (!rates.CanPrice(parts))
            return PricedCall.Refused(
                PriceProblem.UnpricedUnit,
                "The call used what the row has no rate for, such as a search.",
                row,
                tableVersion
            );
        if (
            rates.HasDearerImages
            && terms.UncountedImages != UncountedImages.None
            && PossibleImages.TryFind(usage, rates, out var withImages)
        )
        {
            warnings |= PriceWarnings.ImagesNotCounted;
            if (terms.UncountedImages == UncountedImages.AsImages)
                parts = new UsageParts(withImages, row.MaxWebSearches);
        }

        warnings |= parts.Warnings;
        var multiplier = row.MultiplierFor(terms);
        var nanoDollars = multiplier is null ? rates.WholeNumbers.NanoDollars(parts) : -1;
        if (nanoDollars >= 0 && nanoDollars <= MaxNanoDollars)
            return PricedCall.Priced(row, tableVersion, Money.FromNanoDollars(nanoDollars), warnings);

        var dollars = (CallArithmetic.TokenDollars(rates, parts) * (multiplier ?? 1m)) + CallArithmetic.OtherDollars(rates, parts);
        return dollars > MaxDollars
            ? PricedCall.Refused(PriceProblem.CostTooLarge, $"The cost is above {Money.MaxAmount}.", row, tableVersion)
            : PricedCall.Priced(row, tableVersion, Money.FromDollarsRoundedUp(dollars), warnings);
    }

    public static WorstCase WorstCase(in CallLimits limits, PriceRow row, in CallTerms terms, string tableVersion)
    {
        if ((limits.MaxOutputTokens ?? row.MaxOutputTokens) is not { } outputTokens)
        {
            const string detail = "The call carries no cap on its output, and the row does not know the model's own.";
            return new(default, PricedCall.Refused(PriceProblem.OutputCapUnknown, detail, row, tableVersion));
        }

        var rates = row.RatesFor(terms, limits.InputTokens, out _);
        var usage = row.AsBilled(DearestUsage.Of(rates, limits.InputTokens, outputTokens, limits.Beside));
        var price = Price(row, usage, terms, tableVersion);
        return new(price.IsPriced ? usage : default, price);
    }
}
