using AgentBudget.Client.Calls;

namespace AgentBudget;

/// <summary>What a call may cost at most, before it is made.</summary>
public sealed record CallEstimate
{
    /// <summary>What a tool is called with that takes nothing.</summary>
    internal const string NoArguments = "{}";

    // Boxed: it is large, and nearly no call has any.
    private readonly object? beside;

    // A model call that is known by its name alone is made of it when it is priced: once, for it is large.
    private readonly Call? call;

    private CallEstimate(Call call) => (this.call, Name, Provider) = (call, call.Name, call.Provider);

    private CallEstimate(string model, string? provider) => (Name, Provider) = (model, provider);

    /// <summary>The call.</summary>
    public Call Call => call ?? AgentBudget.Call.Model(Name, Provider);

    internal string Name { get; }

    internal string? Provider { get; }

    internal CallKind Kind => call?.Kind ?? CallKind.Model;

    /// <summary>The cost when it is known; null when the price book has to say.</summary>
    public Money? Cost { get; private init; }

    /// <summary>Prompt tokens at most, for the price book.</summary>
    public long InputTokens { get; private init; }

    /// <summary>Completion tokens at most, for the price book; null takes the model's own maximum.</summary>
    public long? MaxOutputTokens { get; private init; }

    /// <summary>
    /// What the call can use at most beside its tokens, for the price book: web and file searches, characters to speak, seconds to hear,
    /// pictures to make, containers; and how many of its tokens may be audio. Other counts of tokens are not looked at. Default: none.
    /// </summary>
    public TokenUsage Beside
    {
        get => beside is null ? default : (TokenUsage)beside;
        init => beside = value.IsZero ? null : value;
    }

    /// <summary>
    /// The service tier, region and speed that the call asks for, for the price book. Default: a standard call. What is set aside is the
    /// dearest that it can turn out to be: a special tier can be served as standard, and <c>auto</c> as any.
    /// </summary>
    public CallTerms Terms { get; init; }

    /// <summary>A model call, priced by the book at the dearest it can be: no cache hit, all output tokens used.</summary>
    /// <param name="model">The model's name.</param>
    /// <param name="inputTokens">Prompt tokens at most.</param>
    /// <param name="maxOutputTokens">Completion tokens at most; null takes the maximum that the book knows for the model.</param>
    /// <param name="provider">The provider; null finds it by the model's name.</param>
    public static CallEstimate Model(string model, long inputTokens, long? maxOutputTokens = null, string? provider = null) =>
        new(model, provider) { InputTokens = inputTokens, MaxOutputTokens = maxOutputTokens };

    /// <summary>
    /// A model call, priced by the book from what will be sent: the tokens of messages and tools are counted, or estimated on the safe
    /// side where the model's tokenizer is not known. Never throws for what the texts hold.
    /// </summary>
    /// <param name="model">The model's name.</param>
    /// <param name="prompt">What will be sent.</param>
    /// <param name="maxOutputTokens">Completion tokens at most; null takes the maximum that the book knows for the model.</param>
    /// <param name="provider">The provider; null finds it by the model's name.</param>
    public static CallEstimate Prompt(string model, PromptText prompt, long? maxOutputTokens = null, string? provider = null) =>
        Model(model, TokenEstimator.Shared.Estimate(model, prompt), maxOutputTokens, provider);

    /// <summary>A model call whose most is known, in dollars such as <c>"0.05"</c>.</summary>
    public static CallEstimate Model(string model, string dollars, string? provider = null) => Model(model, Money.Parse(dollars), provider);

    /// <summary>A model call whose most is known, such as <c>0.05m</c> dollars.</summary>
    public static CallEstimate Model(string model, Money cost, string? provider = null) => new(Call.Model(model, provider)) { Cost = cost };

    /// <summary>A tool call of a known price, in dollars such as <c>"0.01"</c>; <c>"0"</c> for a free tool.</summary>
    /// <param name="tool">The tool's name.</param>
    /// <param name="dollars">The price.</param>
    /// <param name="argumentsJson">The arguments, for loop detection; null: it takes none.</param>
    public static CallEstimate Tool(string tool, string dollars, string? argumentsJson = null) =>
        Tool(tool, Money.Parse(dollars), argumentsJson);

    /// <summary>A tool call of a known price, such as <c>0.01m</c> dollars; zero for a free tool.</summary>
    /// <param name="tool">The tool's name.</param>
    /// <param name="cost">The price.</param>
    /// <param name="argumentsJson">The arguments, for loop detection; null: it takes none.</param>
    public static CallEstimate Tool(string tool, Money cost, string? argumentsJson = null) =>
        new(AgentBudget.Call.Tool(tool, argumentsJson ?? NoArguments)) { Cost = cost, ArgumentsJson = argumentsJson };

    /// <summary>Any call of a known most.</summary>
    public static CallEstimate Of(Call call, Money cost) => new(call) { Cost = cost };

    /// <summary>The arguments of a tool call, which the text of a failure may quote; they do not leave the client.</summary>
    internal string? ArgumentsJson { get; private init; }

    /// <summary>The same with another cap on the output; null for none.</summary>
    internal CallEstimate CappedAt(long? outputTokens) => this with { MaxOutputTokens = outputTokens };

    /// <summary>What is asked for the call.</summary>
    /// <exception cref="UnpricedCallException">The book has no price for it.</exception>
    internal AskedCall Ask(CallPricing pricing, ReserveOptions options)
    {
        var terms = AskedTerms;
        if (Cost is { } known)
            return new(known, options.LeastAmount is { } sum ? Money.Min(sum, known) : null, terms.RecordOn(Call));
        var worst = WorstCase(pricing, MaxOutputTokens, terms);
        if (!worst.IsPriced)
            throw new UnpricedCallException(Provider, Name, worst);
        var asked = new Call
        {
            Name = Name,
            Provider = Provider,
            PriceRow = worst.RowId,
            PriceTableVersion = worst.TableVersion,
            Source = worst.SourceOf(CostSource.Provider),
            ServiceTier = terms.ServiceTier,
            Region = terms.Region,
            Speed = terms.Speed,
            IsUncapped = MaxOutputTokens is null && IsClampable(options),
        };
        if (!IsClampable(options))
            return new(worst.Cost, null, asked);
        var least = options.LeastAmount ?? Money.Zero;
        if (options.LeastOutputTokens is { } tokens)
            least = Money.Max(least, WorstCase(pricing, Math.Min(tokens, MaxOutputTokens ?? tokens), terms).Cost);
        return new(worst.Cost, Money.Min(least, worst.Cost), asked);
    }

    /// <summary>The most completion tokens that an amount pays for, beside the whole input; never more than the estimate's own cap or the
    /// model's. Null where the estimate is a sum, or the amount does not pay for the input.</summary>
    internal long? AffordedOutput(CallPricing pricing, Money amount)
    {
        if (Cost is not null)
            return null;
        var terms = AskedTerms;
        var most = MaxOutputTokens;
        var whole = WorstCase(pricing, most, terms);
        most ??= whole.Row?.MaxOutputTokens;
        if (whole.IsPriced && whole.Cost <= amount)
            return most;
        if (WorstCase(pricing, 0, terms) is not { IsPriced: true } input || input.Cost > amount)
            return null;
        // What it costs never falls as the output grows.
        var (fits, tooMuch) = (0L, most ?? TokenUsage.MaxCount);
        while (tooMuch - fits > 1)
        {
            var middle = fits + ((tooMuch - fits) / 2);
            if (WorstCase(pricing, middle, terms) is { IsPriced: true } price && price.Cost <= amount)
                fits = middle;
            else
                tooMuch = middle;
        }

        return fits;
    }

    private static bool IsClampable(ReserveOptions options) => options.LeastAmount is not null || options.LeastOutputTokens is not null;

    private CallTerms AskedTerms =>
        Terms.Or(call is null ? CallTerms.Enforced : CallTerms.EnforcedFor(call)) with
        {
            UncountedImages = UncountedImages.AsText,
        };

    private PricedCall WorstCase(CallPricing pricing, long? maxOutputTokens, in CallTerms terms) =>
        pricing.WorstCase(Provider, Name, InputTokens, maxOutputTokens, terms, Beside);
}
