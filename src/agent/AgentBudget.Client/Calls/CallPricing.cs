namespace AgentBudget.Client.Calls;

/// <summary>
/// How one call is priced, before and after: by one book, at one time, by one policy. Taken once for each call, so that what was
/// reserved with one version of the prices is settled with it.
/// </summary>
internal readonly record struct CallPricing(PriceBook Book, UnknownModelPolicy Policy, UnknownModelRules Rules, DateTimeOffset At)
{
    public static CallPricing Now(AgentBudgetClient client, UnknownModelPolicy policy) =>
        new(client.Prices.Current, policy, client.Options.UnknownModels, client.Time.GetUtcNow());

    public bool Knows(string? provider, string model) => Book.TryResolve(provider, model, At, out _);

    public PricedCall Price(string? provider, string model, in TokenUsage usage, in CallTerms terms) =>
        Book.Price(Policy, Rules, provider, model, At, usage, terms);

    public PricedCall WorstCase(string? provider, string model, long inputTokens, long? maxOutputTokens) =>
        Book.WorstCase(Policy, Rules, provider, model, At, inputTokens, maxOutputTokens);
}
