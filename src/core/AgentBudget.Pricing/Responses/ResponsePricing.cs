namespace AgentBudget;

/// <summary>Prices what responses say.</summary>
public static class ResponsePricing
{
    /// <summary>
    /// Prices a response: the provider's own cost goes before the table's, and both are in the answer. A usage that was not given has no
    /// price by the table; it is not one of zero.
    /// </summary>
    /// <param name="book">The prices.</param>
    /// <param name="response">What the response says.</param>
    /// <param name="at">The time of the call.</param>
    /// <param name="asked">The terms asked for, for what the response does not say that it was served.</param>
    /// <returns>The cost. For a partial usage that of what was said so far, which the call can exceed.</returns>
    public static PricedResponse Price(this PriceBook book, ResponseUsage response, DateTimeOffset at, in CallTerms asked = default)
    {
        ArgumentNullException.ThrowIfNull(book);
        ArgumentNullException.ThrowIfNull(response);
        if (response.Usage is not { } usage)
            return new(response.ProviderCost, response.ProviderCost is not null, null, PricedCall.NotSaid(book.Version));

        var terms = response.Terms.Or(asked);
        var priced = book.Price(response.Provider, response.Model, at, usage, terms);
        var others = new List<PricedCall>();
        foreach (var part in response.OtherParts)
            others.Add(book.Price(response.Provider, part.Model, at, part.Usage, terms));

        var table = priced.IsPriced && others.TrueForAll(other => other.IsPriced) ? Sum(priced, others) : (Money?)null;
        return new(response.ProviderCost ?? table, response.ProviderCost is not null, table, priced) { OtherParts = others };
    }

    private static Money Sum(in PricedCall priced, List<PricedCall> others)
    {
        var sum = priced.Cost;
        foreach (var other in others)
            sum += other.Cost;
        return sum;
    }
}
