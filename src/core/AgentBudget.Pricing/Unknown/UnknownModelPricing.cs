using AgentBudget.Pricing.Arithmetic;
using AgentBudget.Pricing.Unknown;

namespace AgentBudget;

/// <summary>Prices calls by a book, and those of models that it does not know by a policy. What a policy priced carries a
/// warning.</summary>
public static class UnknownModelPricing
{
    /// <summary>The row of a cost that the fallback rate gave.</summary>
    public const string FallbackRowId = "policy/fallback";

    /// <summary>The row of a cost of zero that a pattern gave.</summary>
    public const string FreeRowId = "policy/free";

    private static readonly PriceRow FreeRow = RowOf(FreeRowId, new FallbackRate(0, 0));

    /// <summary>Prices a call that was made as a budget records it: <see cref="PriceBook.PriceAsBilled"/>.</summary>
    /// <param name="book">The book.</param>
    /// <param name="policy">What to do with an unknown model.</param>
    /// <param name="rules">What the policy works with.</param>
    /// <param name="provider">The provider, or null.</param>
    /// <param name="model">The model.</param>
    /// <param name="at">The time of the call.</param>
    /// <param name="usage">What it used.</param>
    /// <param name="terms">Service tier and region.</param>
    public static PricedCall Price(
        this PriceBook book,
        UnknownModelPolicy policy,
        UnknownModelRules rules,
        string? provider,
        string? model,
        DateTimeOffset at,
        in TokenUsage usage,
        in CallTerms terms = default
    )
    {
        ArgumentNullException.ThrowIfNull(book);
        ArgumentNullException.ThrowIfNull(rules);
        return book.TryResolve(provider, model, at, out var known)
            ? book.PriceAsBilled(known, usage, terms)
            : PriceUnknown(book, policy, rules, provider, model, at, usage, terms);
    }

    // Apart from the usual path, which would otherwise pay for what the substitute has to remember.
    private static PricedCall PriceUnknown(
        PriceBook book,
        UnknownModelPolicy policy,
        UnknownModelRules rules,
        string? provider,
        string? model,
        DateTimeOffset at,
        TokenUsage usage,
        CallTerms terms
    ) =>
        Substitute(book, policy, rules, provider, model, at, row => book.PriceAsBilled(row, usage, terms))
        ?? book.Price(provider, model, at, usage, terms);

    /// <summary>The dearest outcome of a call that has not been made, also of an unknown model where the policy allows one.</summary>
    /// <param name="book">The book.</param>
    /// <param name="policy">What to do with an unknown model.</param>
    /// <param name="rules">What the policy works with.</param>
    /// <param name="provider">The provider, or null.</param>
    /// <param name="model">The model.</param>
    /// <param name="at">The time of the call.</param>
    /// <param name="inputTokens">The most prompt tokens.</param>
    /// <param name="maxOutputTokens">The cap on output; an unknown model needs one.</param>
    /// <param name="terms">Service tier and region.</param>
    /// <param name="beside">What else it can use at most; see <see cref="PriceBook.WorstCase"/>.</param>
    public static PricedCall WorstCase(
        this PriceBook book,
        UnknownModelPolicy policy,
        UnknownModelRules rules,
        string? provider,
        string? model,
        DateTimeOffset at,
        long inputTokens,
        long? maxOutputTokens,
        in CallTerms terms = default,
        in TokenUsage beside = default
    )
    {
        ArgumentNullException.ThrowIfNull(book);
        ArgumentNullException.ThrowIfNull(rules);
        return book.TryResolve(provider, model, at, out var known)
            ? book.WorstCase(known, inputTokens, maxOutputTokens, terms, beside).Price
            : UnknownWorstCase(book, policy, rules, provider, model, at, new CallLimits(inputTokens, maxOutputTokens, beside), terms);
    }

    private static PricedCall UnknownWorstCase(
        PriceBook book,
        UnknownModelPolicy policy,
        UnknownModelRules rules,
        string? provider,
        string? model,
        DateTimeOffset at,
        CallLimits limits,
        CallTerms terms
    ) =>
        Substitute(book, policy, rules, provider, model, at, row => CallPricer.WorstCase(limits, row, terms, book.Version).Price)
        ?? book.Price(provider, model, at, default, terms);

    private static PricedCall? Substitute(
        PriceBook book,
        UnknownModelPolicy policy,
        UnknownModelRules rules,
        string? provider,
        string? model,
        DateTimeOffset at,
        Func<PriceRow, PricedCall> price
    ) =>
        policy switch
        {
            UnknownModelPolicy.ZeroWithWarning when IsFree(rules, provider, model) => price(FreeRow) is { IsPriced: true } free
                ? free.With(PriceWarnings.UnknownModelFree)
                : null,
            UnknownModelPolicy.Fallback when rules.Fallback is { } rate => price(RowOf(FallbackRowId, rate))
                .With(PriceWarnings.UnknownModelFallback),
            UnknownModelPolicy.Fallback => Dearest(book, provider, at, price)?.With(PriceWarnings.UnknownModelFallback),
            _ => null,
        };

    // By the call itself, because a row with dear output is not the dearest for a long prompt.
    private static PricedCall? Dearest(PriceBook book, string? provider, DateTimeOffset at, Func<PriceRow, PricedCall> price)
    {
        if (!book.TryFindProvider(provider, out var id))
            return null;
        PricedCall? dearest = null;
        foreach (var row in book.Rows)
        {
            if (row.Provider != id || !row.Covers(at))
                continue;
            var priced = price(row);
            if (priced.IsPriced && (dearest is not { } best || priced.Cost > best.Cost))
                dearest = priced;
        }

        return dearest;
    }

    private static bool IsFree(UnknownModelRules rules, string? provider, string? model)
    {
        if (string.IsNullOrWhiteSpace(model) || model.Length > PriceBook.MaxModelNameLength)
            return false;
        var name = model.Trim();
        var full = string.IsNullOrWhiteSpace(provider) ? name : $"{provider.Trim()}/{name}";
        return rules.FreePatterns.Any(pattern => Matches(pattern, name) || Matches(pattern, full));
    }

    private static bool Matches(string pattern, string name) => NamePattern.Matches(pattern.AsSpan().Trim(), name);

    private static PriceRow RowOf(string id, FallbackRate rate)
    {
        var usd = new decimal?[RateDimensions.Count];
        usd[(int)RateDimension.Input] = rate.InputUsdPerMillion;
        usd[(int)RateDimension.Output] = rate.OutputUsdPerMillion;
        return new PriceRow(new Rates(usd), [], [])
        {
            Id = id,
            Provider = "policy",
            Model = id["policy/".Length..],
            RegionMultipliers = new Dictionary<string, decimal>(),
            Source = new Uri("https://localhost/policy"),
            Retrieved = DateOnly.MinValue,
        };
    }
}
