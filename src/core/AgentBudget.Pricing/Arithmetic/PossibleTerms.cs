namespace AgentBudget.Pricing.Arithmetic;

/// <summary>
/// The terms that a call can turn out to be served on: those asked for; the standard ones, because a provider may serve a special tier as
/// standard; and every tier that it sells at once where the choice is left to it.
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
        if (!asked.LeavesTierOpen)
            return dearest;
        foreach (var tier in row.ServiceTiers)
        {
            if (tier.Name == Batch || tier.Name == FastMode)
                continue;
            dearest = Dearer(dearest, CallPricer.WorstCase(limits, row, asked with { ServiceTier = tier.Name }, tableVersion));
        }

        return dearest;
    }

    // What has no price is no outcome to compare with; a warning of the terms asked for stays with what is dearer.
    private static WorstCase Dearer(in WorstCase one, in WorstCase other) =>
        !one.Price.IsPriced || (other.Price.IsPriced && other.Price.Cost > one.Price.Cost) ? other : one;
}
