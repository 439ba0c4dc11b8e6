namespace AgentBudget;

/// <summary>
/// The terms of a call that change its price and are not part of its usage. The default is a standard call in no particular region.
/// </summary>
/// <param name="ServiceTier">
/// The service tier in the provider's words, in any case. Null, empty, <c>standard</c>, <c>default</c>, <c>auto</c> and <c>on_demand</c>
/// mean the standard one. A tier that the row does not price costs the standard rates and sets
/// <see cref="PriceWarnings.ServiceTierNotPriced"/>.
/// </param>
/// <param name="Region">
/// Where the provider was told to keep the call, in its words (Anthropic's <c>us</c>), in any case. Null, empty, or a region that the
/// row does not name costs nothing extra.
/// </param>
public readonly record struct CallTerms(string? ServiceTier = null, string? Region = null)
{
    /// <summary>
    /// The terms on which limits are enforced: a standard call, and what a usage leaves open is billed at the dearest that it can be.
    /// Client, silo and replay price with these.
    /// </summary>
    public static readonly CallTerms Enforced = new() { UncountedImages = UncountedImages.AsImages };

    private static readonly string[] StandardNames = ["standard", "default", "auto", "on_demand"];

    /// <summary>The terms on which limits are enforced for a call: those that it names.</summary>
    /// <param name="call">The call, with the terms asked for or served.</param>
    public static CallTerms EnforcedFor(Call call)
    {
        ArgumentNullException.ThrowIfNull(call);
        return Enforced with { ServiceTier = call.ServiceTier, Region = call.Region, Speed = call.Speed };
    }

    /// <summary>These terms where a response says what it was served on, and for the rest those asked for.</summary>
    /// <param name="asked">The terms asked for.</param>
    public CallTerms Or(in CallTerms asked) =>
        this with
        {
            ServiceTier = ServiceTier ?? asked.ServiceTier,
            Region = Region ?? asked.Region,
            Speed = Speed ?? asked.Speed,
            UncountedImages = asked.UncountedImages,
        };

    /// <summary>The call with these terms on it, for its entry.</summary>
    /// <param name="call">The call.</param>
    public Call RecordOn(Call call)
    {
        ArgumentNullException.ThrowIfNull(call);
        // Most calls name none, and a call is large.
        return call.ServiceTier == ServiceTier && call.Region == Region && call.Speed == Speed
            ? call
            : call with
            {
                ServiceTier = ServiceTier,
                Region = Region,
                Speed = Speed,
            };
    }

    /// <summary>What tokens are taken for that may be images, where the row has a dearer rate for those. Default: for text.</summary>
    public UncountedImages UncountedImages { get; init; }

    /// <summary>
    /// The speed in the provider's words (Anthropic's <c>fast</c>), in any case. Other than standard it is priced as the service tier of
    /// that name, whatever <see cref="ServiceTier"/> says: no provider sells both at once. Null, empty and the words for standard change
    /// nothing.
    /// </summary>
    public string? Speed { get; init; }

    /// <summary>The service tier to look up, or null for the standard one.</summary>
    internal string? SpecialServiceTier =>
        !IsStandard(Speed) ? Speed
        : IsStandard(ServiceTier) ? null
        : ServiceTier;

    /// <summary>Whether the provider chooses the tier, so that any that it sells at once can be served.</summary>
    internal bool IsTierOpen => "auto".Equals(ServiceTier, StringComparison.OrdinalIgnoreCase) && IsStandard(Speed);

    private static bool IsStandard(string? serviceTier)
    {
        if (string.IsNullOrEmpty(serviceTier))
            return true;
        foreach (var name in StandardNames)
        {
            if (name.Equals(serviceTier, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }
}
