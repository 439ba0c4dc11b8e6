namespace AgentBudget.Client.Calls;

/// <summary>
/// Prices what a response says. The provider's own cost goes before the table's, and the table's stays on the call where the two differ.
/// </summary>
internal static class ResponseCost
{
    /// <summary>The cost; null where the response does not say all that was used, and its model had not stopped.</summary>
    /// <exception cref="UnpricedCallException">Neither the provider nor the book has a price.</exception>
    public static PricedCost? Price(ResponseUsage response, CallPricing pricing, Call call, in CallTerms served)
    {
        var isKnown =
            response.Completeness == UsageCompleteness.Final || (response.Completeness == UsageCompleteness.Partial && response.IsStopped);
        if (!isKnown)
            return null;
        var source = response.Completeness == UsageCompleteness.Final ? CostSource.Provider : CostSource.Partial;
        var provider = call.Provider ?? response.Provider;
        var usage = response.Usage ?? default;
        var priced = pricing.PriceAnswer(provider, call.Name, response.Model, usage, served);
        var table = TableCost(response, pricing, provider, priced, served);
        if (response.ProviderCost is { } stated)
        {
            var recorded = call with { Provider = provider, Usage = usage, Source = source };
            if (priced.IsPriced)
                recorded = priced.RecordOn(recorded) with { Source = source };
            return new PricedCost(stated, recorded with { TableCost = table is { } other && other != stated ? table : null });
        }

        if (table is not { } cost)
            throw new UnpricedCallException(provider, response.Model ?? call.Name, priced);
        // Mostly that is known before, and a call is large.
        if (call.Provider != provider || call.Source != source)
            call = call with { Provider = provider, Source = source };
        return new PricedCost(cost, priced.RecordOn(call, usage));
    }

    /// <summary>
    /// The most that a stream can have used until it was cut: what its provider said of the input, or else what was estimated; and of the
    /// output what was seen, with what can have been generated unseen in that time, or without it where the user says so.
    /// </summary>
    /// <returns>The bound; null where the provider does not stop when its reader goes away, or the input is not known.</returns>
    public static PricedCost? Bound(ResponseUsage response, CallPricing pricing, Call call, StreamBound bound)
    {
        var served = response.Terms.Or(CallTerms.EnforcedFor(call));
        call = served.RecordOn(call with { Provider = call.Provider ?? response.Provider, Source = CostSource.Estimated });
        if (bound.UnseenTokens(pricing.StreamCutOf(call)) is not { } unseen)
            return null;
        var seen = Math.Max(response.Usage?.Output ?? 0, response.TextBytes);
        var output = Math.Min(seen + unseen, bound.MaxOutputTokens ?? long.MaxValue);
        output = Math.Min(Math.Max(output, response.Usage?.Output ?? 0), TokenUsage.MaxCount);
        if (response.Usage is { } said)
        {
            // A usage without an input has not said it.
            if (said.Input == 0 && bound.InputTokens == 0)
                return null;
            var usage = bound.Over(said.Input == 0 ? said with { Input = bound.InputTokens } : said, output);
            var priced = pricing.PriceAnswer(call, response.Model, usage, served);
            return priced.IsPriced ? new PricedCost(priced.Cost, priced.RecordOn(call with { Usage = usage })) : null;
        }

        if (bound.InputTokens == 0)
            return null;
        var worst = pricing.WorstCase(call.Provider, call.Name, bound.InputTokens, output, served, bound.Beside);
        return worst.IsPriced
            ? new PricedCost(worst.Cost, worst.RecordOn(call with { Usage = bound.Over(new TokenUsage(bound.InputTokens, 0), output) }))
            : null;
    }

    private static Money? TableCost(
        ResponseUsage response,
        CallPricing pricing,
        string? provider,
        in PricedCall priced,
        in CallTerms served
    )
    {
        if (!priced.IsPriced)
            return null;
        var sum = priced.Cost;
        foreach (var part in response.OtherParts)
        {
            var other = pricing.Price(provider, part.Model, part.Usage, served);
            if (!other.IsPriced)
                return null;
            sum += other.Cost;
        }

        return sum;
    }
}
