using Microsoft.Extensions.AI;

namespace AgentBudget.Extensions.AI.Chat;

/// <summary>One call by a chat client as it is about to go out: what it may cost at most, and how it is capped.</summary>
internal sealed class ChatCall
{
    // What the model may be told of the budget, which is known only when the money is.
    private const long TokensOfALine = 64;

    private readonly AgentBudgetChatOptions budget;
    private readonly RawRequest raw;
    private long? inputTokens;

    /// <param name="inner">The client that it goes to.</param>
    /// <param name="messages">The messages.</param>
    /// <param name="options">The options, which are not changed.</param>
    /// <param name="budget">How calls are budgeted.</param>
    /// <exception cref="InvalidOperationException">Nobody names a model.</exception>
    public ChatCall(IChatClient inner, IEnumerable<ChatMessage> messages, ChatOptions? options, AgentBudgetChatOptions budget)
    {
        this.budget = budget;
        Messages = messages as IReadOnlyList<ChatMessage> ?? [.. messages];
        var step = StepKey.TakeFrom(ref options);
        Options = options;
        raw = RawRequest.Of(options?.RawRepresentationFactory?.Invoke(inner));
        var metadata = inner.GetService<ChatClientMetadata>();
        Model =
            raw.Model
            ?? options?.ModelId
            ?? metadata?.DefaultModelId
            ?? throw new InvalidOperationException(
                "Neither the call nor its chat client names a model, so that nobody can say what it may cost. Set ChatOptions.ModelId."
            );
        var told = metadata?.ProviderUri is { } address ? ResponseOrigin.Of(address) : default;
        Origin = told with { Provider = budget.Provider ?? told.Provider, Model = Model };
        Key = step is null ? null : StepKey.Of(step, Model, Messages);
    }

    public IReadOnlyList<ChatMessage> Messages { get; private set; }

    public ChatOptions? Options { get; private set; }

    public string Model { get; }

    /// <summary>The key under which it is found again when its step is run again; null for a call of no step.</summary>
    public string? Key { get; }

    /// <summary>What is known of its response beforehand.</summary>
    public ResponseOrigin Origin { get; }

    /// <summary>Whether the cap on it can be lowered.</summary>
    public bool CanClamp => budget.Clamps && raw.CanBeCapped;

    /// <summary>Whether its cap was lowered, so that an answer that ends at it is cut by the budget.</summary>
    public bool IsCapped { get; private set; }

    /// <summary>The fewest tokens of output with which it is worth making, of all its answers.</summary>
    public long LeastOutput => Math.Min(budget.LeastOutputTokens, Cap ?? long.MaxValue) * raw.Answers;

    /// <summary>What it may cost at most.</summary>
    /// <param name="isSecond">Whether the price table does not know the model's own most.</param>
    public CallEstimate Estimate(bool isSecond = false)
    {
        inputTokens ??= ChatPrompt.TokensOf(Model, Messages, Options, budget) + (budget.TellsFrom is null ? 0 : TokensOfALine);
        var most = MaxOutput ?? (isSecond ? LargestOutput : null);
        var estimate = CallEstimate.Model(Model, inputTokens.Value, most, Origin.Provider);
        var beside = ChatPrompt.BesideOf(Options, budget);
        // Most calls ask for neither, and an estimate is large.
        return raw.ServiceTier is null && Origin.Region is null && beside.IsZero
            ? estimate
            : estimate with
            {
                Terms = new CallTerms(raw.ServiceTier, Origin.Region),
                Beside = beside,
            };
    }

    /// <summary>The most tokens that a model is taken to give at once where nobody says.</summary>
    public long LargestOutput => budget.LargestOutputTokens * raw.Answers;

    /// <summary>How many tokens of output a stream of it has money for at first; null for all of them.</summary>
    public long? FirstStep => budget.StreamStepTokens is { } step && CanClamp && !(MaxOutput <= step) ? step : null;

    /// <summary>The most tokens of all answers; null for the model's own most.</summary>
    public long? MaxOutput =>
        Cap is { } cap ? cap * raw.Answers
        : raw.Answers > 1 ? budget.LargestOutputTokens * raw.Answers
        : null;

    /// <summary>Caps it at what its money affords.</summary>
    /// <param name="outputTokens">Of all answers.</param>
    public void CapAt(long outputTokens)
    {
        IsCapped = true;
        var cap = Math.Max(1, outputTokens / raw.Answers);
        var options = Options?.Clone() ?? new ChatOptions();
        options.MaxOutputTokens = (int)Math.Min(cap, int.MaxValue);
        if (options.RawRepresentationFactory is { } made)
            options.RawRepresentationFactory = client => RawRequest.Capped(made(client), cap);
        Options = options;
    }

    /// <summary>That the budget cut an answer which ended so; null where it did not.</summary>
    public BudgetStop? StopOf(ChatFinishReason? reason) => IsCapped && reason == ChatFinishReason.Length ? BudgetStop.OfOutput : null;

    /// <summary>Tells the model something behind the messages.</summary>
    public void Tell(string line) => Messages = [.. Messages, new ChatMessage(ChatRole.System, line)];

    /// <summary>Takes its tools away, so that it can only answer.</summary>
    public void TakeTools()
    {
        var options = Options?.Clone() ?? new ChatOptions();
        options.Tools = null;
        options.ToolMode = null;
        options.AllowMultipleToolCalls = null;
        Options = options;
        inputTokens = null;
    }

    private long? Cap => raw.Cap ?? Options?.MaxOutputTokens;
}
