using AgentBudget.Client.Calls;

namespace AgentBudget;

/// <summary>What a call really cost: a sum, or token counts that the price book turns into one. Both convert by themselves.</summary>
public readonly record struct ActualCost
{
    private ActualCost(Money? cost, TokenUsage usage, string? model) => (Cost, Usage, Model) = (cost, usage, model);

    /// <summary>The sum, when it is known.</summary>
    public Money? Cost { get; }

    /// <summary>Token counts.</summary>
    public TokenUsage Usage { get; }

    /// <summary>The model as the response names it, often a dated snapshot; null: as it was asked for.</summary>
    public string? Model { get; }

    /// <summary>
    /// Whether the usage tells images apart, so that none counted means none made. Default: only where it counts some; a usage without
    /// image counts is otherwise billed as images where the model has a dearer price for those, and recorded as partial.
    /// </summary>
    public bool CountsImages { get; init; }

    /// <summary>A known sum, in dollars such as <c>"0.01"</c>.</summary>
    public static ActualCost Of(string dollars) => new(Money.Parse(dollars), default, null);

    /// <summary>A known sum.</summary>
    public static ActualCost Of(Money cost, TokenUsage usage = default) => new(cost, usage, null);

    /// <summary>Token counts, and the model as the response names it.</summary>
    public static ActualCost Of(TokenUsage usage, string? model = null) => new(null, usage, model);

    /// <summary>A known sum.</summary>
    public static implicit operator ActualCost(Money cost) => Of(cost);

    /// <summary>Token counts, priced by the book.</summary>
    public static implicit operator ActualCost(TokenUsage usage) => Of(usage);

    internal (Money Cost, Call Call) Price(CallPricing pricing, Call call)
    {
        if (Cost is { } known) return (known, call with { Usage = Usage });
        var model = Model ?? call.Name;
        var terms = CountsImages ? CallTerms.Enforced with { UncountedImages = UncountedImages.None } : CallTerms.Enforced;
        // A snapshot that the book does not know by its own name is priced as what was asked for, before any policy for unknown models.
        var isKnown = Model is null || pricing.Knows(call.Provider, model);
        var priced = pricing.Price(call.Provider, isKnown ? model : call.Name, Usage, terms);
        if (!priced.IsPriced) throw new UnpricedCallException(call.Provider, model, priced);
        return (priced.Cost, priced.RecordOn(call with { Usage = Usage }));
    }
}
