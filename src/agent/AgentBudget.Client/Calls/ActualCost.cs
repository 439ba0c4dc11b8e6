using AgentBudget.Client.Calls;

namespace AgentBudget;

/// <summary>
/// What a call really cost: a sum, token counts that the price book turns into one, what a response says, or that nobody said. The first
/// two convert by themselves.
/// </summary>
public readonly record struct ActualCost
{
    private const string ZeroUsage =
        "What the call cost was given as a usage of zero, which no model call has: a usage that was not told is ActualCost.NotSaid, and "
        + "a call that cost nothing is Money.Zero.";

    /// <summary>
    /// The provider did not say what the call used. All that was set aside counts as spent, and the entry says so
    /// (<see cref="CostSource.Reserved"/>).
    /// </summary>
    public static readonly ActualCost NotSaid = new() { IsNotSaid = true };

    /// <summary>The sum, when it is known.</summary>
    public Money? Cost { get; private init; }

    /// <summary>Token counts; null where nobody said.</summary>
    public TokenUsage? Usage { get; private init; }

    /// <summary>The model as the response names it, often a dated snapshot; null: as it was asked for.</summary>
    public string? Model { get; private init; }

    /// <summary>What the response says, where the cost was made from one.</summary>
    public ResponseUsage? Response { get; private init; }

    /// <summary>The service tier, region and speed that were served. Default: as asked for.</summary>
    public CallTerms Terms { get; init; }

    /// <summary>
    /// Whether the usage tells images apart, so that none counted means none made. Default: only where it counts some; a usage without
    /// image counts is otherwise billed as images where the model has a dearer price for those, and recorded as partial.
    /// </summary>
    public bool CountsImages { get; init; }

    /// <summary>How the cost is known, where the caller made it up itself: its entry and the report say so. Default: the provider said
    /// it.</summary>
    public CostSource Source { get; init; }

    private bool IsNotSaid { get; init; }

    /// <summary>A known sum, in dollars such as <c>"0.01"</c>.</summary>
    public static ActualCost Of(string dollars) => new() { Cost = Money.Parse(dollars) };

    /// <summary>A known sum.</summary>
    public static ActualCost Of(Money cost, TokenUsage usage = default) => new() { Cost = cost, Usage = usage.IsZero ? null : usage };

    /// <summary>Token counts, and the model as the response names it.</summary>
    /// <param name="usage">
    /// The counts. A usage of zero is refused when it is priced, as a bug would be: it is what a forgotten usage looks like. All that was
    /// set aside then counts as spent.
    /// </param>
    /// <param name="model">The model; null: as it was asked for.</param>
    public static ActualCost Of(TokenUsage usage, string? model = null) => new() { Usage = usage, Model = model };

    /// <summary>
    /// What a response says: the provider's own cost where it tells one, else its final usage; a usage that is partial or missing counts
    /// as not said, unless the model had stopped. For a stream that may be cut see
    /// <see cref="BudgetedCall.SettleStreamAsync(ResponseUsage)"/>.
    /// </summary>
    public static ActualCost Of(ResponseUsage response)
    {
        ArgumentNullException.ThrowIfNull(response);
        return new()
        {
            Usage = response.Usage,
            Model = response.Model,
            Response = response,
            Terms = response.Terms,
        };
    }

    /// <summary>A known sum.</summary>
    public static implicit operator ActualCost(Money cost) => Of(cost);

    /// <summary>A known sum in dollars, such as <c>0.01m</c>.</summary>
    public static implicit operator ActualCost(decimal dollars) => Of((Money)dollars);

    /// <summary>Token counts, priced by the book.</summary>
    public static implicit operator ActualCost(TokenUsage usage) => Of(usage);

    /// <summary>Token counts where somebody said; null is <see cref="NotSaid"/>.</summary>
    public static implicit operator ActualCost(TokenUsage? usage) => usage is { } said ? Of(said) : NotSaid;

    /// <summary>The cost and the call as its entry is to record it; null where nobody said.</summary>
    /// <exception cref="ArgumentException">The usage is one of zero.</exception>
    internal PricedCost? Price(CallPricing pricing, Call call)
    {
        var served = Terms.Or(CallTerms.EnforcedFor(call));
        if (CountsImages)
            served = served with { UncountedImages = UncountedImages.None };
        if (Response is { } response)
            return ResponseCost.Price(response, pricing, served.RecordOn(call), served);
        if (IsNotSaid)
            return null;
        // What was left open while money was set aside is not what is known of the cost.
        if (call.Source != Source)
            call = call with { Source = Source };
        if (Cost is { } known)
            return new PricedCost(known, served.RecordOn(call) with { Usage = Usage ?? default });
        if (Usage is not { IsZero: false } usage)
            throw new ArgumentException(ZeroUsage);
        var model = Model ?? call.Name;
        var priced = pricing.PriceAnswer(call, Model, usage, served);
        if (!priced.IsPriced)
            throw new UnpricedCallException(call.Provider, model, priced);
        return new PricedCost(priced.Cost, priced.RecordOn(served.RecordOn(call), usage));
    }
}
