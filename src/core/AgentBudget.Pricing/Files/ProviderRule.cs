namespace AgentBudget.Pricing.Files;

/// <summary>
/// What a provider says of many models at once, and rows therefore do not repeat: that a batch costs half of everything, that a region adds
/// a tenth. It fills what a row leaves open and never changes what a row states.
/// </summary>
/// <param name="Models">Beginnings of the ids of the models that it holds for; with <c>*</c> in front what may stand anywhere in them. None
/// for all.</param>
/// <param name="Except">The same of the ids that it does not hold for.</param>
/// <param name="ServiceFactors">Service tiers as a factor on all standard token rates, those of context tiers and of cached tokens among
/// them.</param>
/// <param name="KeepsCacheReads">Whether its service tiers keep cached tokens at the standard rates.</param>
/// <param name="Regions">Factors by region.</param>
/// <param name="OneHourPerInput">What an hour of cache costs, as a factor on input; null where the rule says nothing of it.</param>
/// <param name="Fees">Fees.</param>
/// <param name="MaxWebSearches">The most web searches that one request is billed for; null where the rule says nothing of it.</param>
internal sealed record ProviderRule(
    IReadOnlyList<string> Models,
    IReadOnlyList<string> Except,
    IReadOnlyList<KeyValuePair<string, decimal>> ServiceFactors,
    bool KeepsCacheReads,
    IReadOnlyDictionary<string, decimal> Regions,
    decimal? OneHourPerInput,
    Rates Fees,
    long? MaxWebSearches
)
{
    public bool AppliesTo(string model) =>
        (Models.Count == 0 || Models.Any(named => Names(named, model))) && !Except.Any(named => Names(named, model));

    private static bool Names(string named, string model) =>
        named[0] == '*'
            ? model.AsSpan().Contains(named.AsSpan(1), StringComparison.Ordinal)
            : model.StartsWith(named, StringComparison.Ordinal);
}
