namespace AgentBudget.Pricing.Arithmetic;

/// <summary>
/// The terms that a call can turn out to be served on: those asked for; the standard ones, because a provider may serve a special tier as
/// standard; what was asked for at the usual speed; and every tier that it sells at once where the choice is left to it.
/// </summary>
internal static class PossibleTerms
{
    // A batch is another request, to another address: no call turns into one.
    private const string Batch = "batch";

    // Asked for as a speed, and never given unasked.
    private const string FastMode = "fast";

    /// <summary>The dearest worst case of a call on any of them.</summary>
    public static WorstCase Dearest(in CallLimits limits, PriceRow row, in CallTerms asked, string tableVersion)
    {
        var dearest = CallPricer.WorstCase(limits, row, asked, tableVersion);
        if (asked.SpecialServiceTier is { } special && !Batch.Equals(special, StringComparison.OrdinalIgnoreCase))
            dearest = Dearer(dearest, CallPricer.WorstCase(limits, row, asked with { ServiceTier = null, Speed = null }, tableVersion));
        // Fast mode may not be given; then it is the tier that was asked for beside it.
        var atUsualSpeed = asked with
        {
            Speed = null,
        };
        if (asked.Speed is not null)
            dearest = Dearer(dearest, CallPricer.WorstCase(limits, row, atUsualSpeed, tableVersion));
        if (!atUsualSpeed.IsTierOpen)
            return dearest;
        foreach (var tier in AtOnce(row))
            dearest = Dearer(dearest, CallPricer.WorstCase(limits, row, atUsualSpeed with { ServiceTier = tier.Name }, tableVersion));
        return dearest;
    }

    /// <summary>The price of a call that was made; the dearest that it can have, where nobody said which tier the provider chose.</summary>
    public static PricedCall Price(PriceRow row, in TokenUsage usage, in CallTerms terms, string tableVersion)
    {
        var price = CallPricer.Price(row, usage, terms, tableVersion);
        if (!terms.IsTierOpen || !price.IsPriced)
            return price;
        foreach (var tier in AtOnce(row))
        {
            var other = CallPricer.Price(row, usage, terms with { ServiceTier = tier.Name }, tableVersion);
            if (other.IsPriced && other.Cost > price.Cost)
                price = other.With(PriceWarnings.ServiceTierNotSaid);
        }

        return price;
    }

    private static IEnumerable<ServiceTier> AtOnce(PriceRow row) =>
        row.ServiceTiers.Where(tier => tier.Name != Batch && tier.Name != FastMode);

    // What has no price is no outcome to compare with; a warning of the terms asked for stays with what is dearer.
    private static WorstCase Dearer(in WorstCase one, in WorstCase other) =>
        !one.Price.IsPriced || (other.Price.IsPriced && other.Price.Cost > one.Price.Cost) ? other : one;
}
