using AgentBudget.Client.Sessions;

namespace AgentBudget.Client.Calls;

/// <summary>
/// How one call is priced, before and after: by one book, at one time, by one policy. Taken once for each call, so that what was
/// reserved with one version of the prices is settled with it.
/// </summary>
internal readonly record struct CallPricing(PriceBook Book, UnknownModelPolicy Policy, UnknownModelRules Rules, DateTimeOffset At)
{
    public static CallPricing Now(ClientServices services, UnknownModelPolicy policy) =>
        new(services.Prices.Current, policy, services.Options.UnknownModels, services.Time.GetUtcNow());

    public bool Knows(string? provider, string model) => Book.TryResolve(provider, model, At, out _);

    /// <summary>What becomes of the call's stream when its reader goes away: by its provider, named or found by the model.</summary>
    public StreamCut? StreamCutOf(Call call) =>
        Book.FindStreamCut(Book.TryResolve(call.Provider, call.Name, At, out var row) ? row.Provider : call.Provider);

    public PricedCall Price(string? provider, string model, in TokenUsage usage, in CallTerms terms) =>
        Book.Price(Policy, Rules, provider, model, At, usage, terms);

    /// <summary>Prices what a response used: by the name that it gives where the book knows that, and else by the name that was asked
    /// for.</summary>
    public PricedCall PriceAnswer(Call call, string? answered, in TokenUsage usage, in CallTerms terms) =>
        PriceAnswer(call.Provider, call.Name, answered, usage, terms);

    /// <summary>The same for a call whose provider is known from its answer.</summary>
    public PricedCall PriceAnswer(string? provider, string name, string? answered, in TokenUsage usage, in CallTerms terms) =>
        Price(provider, answered is not null && Knows(provider, answered) ? answered : name, usage, terms);

    public PricedCall WorstCase(
        string? provider,
        string model,
        long inputTokens,
        long? maxOutputTokens,
        in CallTerms terms,
        in TokenUsage beside = default
    ) => Book.WorstCase(Policy, Rules, provider, model, At, inputTokens, maxOutputTokens, terms, beside);
}
