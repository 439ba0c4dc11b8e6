using AgentBudget.Client.Calls;

namespace AgentBudget;

/// <summary>What a call may cost at most, before it is made.</summary>
public sealed record CallEstimate
{
    /// <summary>What a tool is called with that takes nothing.</summary>
    internal const string NoArguments = "{}";

    private CallEstimate(Call call) => Call = call;

    /// <summary>The call.</summary>
    public Call Call { get; private init; }

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
    public TokenUsage Beside { get; init; }

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
        new(Call.Model(model, provider)) { InputTokens = inputTokens, MaxOutputTokens = maxOutputTokens };

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
    public static CallEstimate Model(string model, string dollars, string? provider = null) =>
        new(Call.Model(model, provider)) { Cost = Money.Parse(dollars) };

    /// <summary>A tool call of a known price, in dollars such as <c>"0.01"</c>; <c>"0"</c> for a free tool.</summary>
    /// <param name="tool">The tool's name.</param>
    /// <param name="dollars">The price.</param>
    /// <param name="argumentsJson">The arguments, for loop detection; null: it takes none.</param>
    public static CallEstimate Tool(string tool, string dollars, string? argumentsJson = null) =>
        Tool(tool, Money.Parse(dollars), argumentsJson);

    /// <summary>Any call of a known most.</summary>
    public static CallEstimate Of(Call call, Money cost) => new(call) { Cost = cost };

    /// <summary>The arguments of a tool call, which the text of a failure may quote; they do not leave the client.</summary>
    internal string? ArgumentsJson { get; private init; }

    internal static CallEstimate Tool(string tool, Money cost, string? argumentsJson) =>
        new(Call.Tool(tool, argumentsJson ?? NoArguments)) { Cost = cost, ArgumentsJson = argumentsJson };

    internal (Money Cost, Call Call) Price(CallPricing pricing)
    {
        var asked = Terms.Or(CallTerms.EnforcedFor(Call)) with { UncountedImages = UncountedImages.AsText };
        var call = asked.RecordOn(Call);
        if (Cost is { } known)
            return (known, call);
        var worst = pricing.WorstCase(call.Provider, call.Name, InputTokens, MaxOutputTokens, asked, Beside);
        if (!worst.IsPriced)
            throw new UnpricedCallException(call.Provider, call.Name, worst);
        return (worst.Cost, worst.RecordOn(call));
    }
}
