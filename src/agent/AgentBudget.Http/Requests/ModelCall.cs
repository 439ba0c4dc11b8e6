namespace AgentBudget.Http.Requests;

/// <summary>A call to a model as it is about to be sent: what it may cost at most, and how its body is changed.</summary>
internal sealed class ModelCall
{
    private const long MillisecondsPerAudioToken = 100;

    // Groq bills ten seconds of each recording at least, and says nothing of it in its answer.
    private const long LeastMillisecondsOfGroq = 10_000;

    // The largest picture is 6,240 tokens, and the longest text to speak some 6,000.
    private const long LargestPiece = 8_000;

    // OpenAI refuses a smaller cap.
    private const long LeastOfResponses = 16;

    private readonly AgentBudgetHttpOptions options;
    private readonly long keptTokens;
    private long? textTokens;

    private ModelCall(ModelApiKind kind, ResponseOrigin origin, RequestBody body, AgentBudgetHttpOptions options, long keptTokens)
    {
        Kind = kind;
        Origin = origin;
        Body = body;
        this.options = options;
        this.keptTokens = keptTokens;
    }

    public ModelApiKind Kind { get; }

    public ResponseOrigin Origin { get; }

    public RequestBody Body { get; }

    public string Model => Body.Model ?? Origin.Model!;

    public bool IsStream { get; private init; }

    /// <summary>Whether the body may be changed, so that the call can be granted less than it asks for.</summary>
    public bool CanClamp { get; private init; }

    /// <summary>The call; null where nobody says which model is called, or how much there is to hear.</summary>
    /// <param name="kind">What it is, by its address.</param>
    /// <param name="address">Its address.</param>
    /// <param name="origin">What the address tells.</param>
    /// <param name="body">Its body.</param>
    /// <param name="isSigned">Whether the body is signed.</param>
    /// <param name="options">The options.</param>
    /// <param name="keptTokens">Tokens of what the provider keeps and the call goes on from, where they are known; else null.</param>
    public static ModelCall? Of(
        ModelApiKind kind,
        Uri address,
        ResponseOrigin origin,
        RequestBody body,
        bool isSigned,
        AgentBudgetHttpOptions options,
        long? keptTokens = null
    )
    {
        var model = body.Model ?? origin.Model ?? ModelApi.ModelOf(address);
        if (string.IsNullOrWhiteSpace(model))
            return null;
        // Sound that lies elsewhere, by an address or a name, would be taken for none, and cost nothing.
        if (kind == ModelApiKind.Hearing && body is { AudioBytes: 0, AudioMilliseconds: 0 })
            return null;
        var kept = body.StandsOnKept ? keptTokens ?? options.TokensOfKeptContext : 0;
        return new ModelCall(kind, origin with { Model = model }, body, options, kept)
        {
            IsStream = body.IsStream || ModelApi.IsStream(address),
            CanClamp =
                options.Clamps
                && !isSigned
                && kind is not (ModelApiKind.Bedrock or ModelApiKind.Vectors)
                && !IsOfPieces(kind)
                && (kind != ModelApiKind.Other || body.Caps.Count > 0),
        };
    }

    /// <summary>The fewest tokens of output with which the call is worth making, of all its answers.</summary>
    public long LeastOutput
    {
        get
        {
            var least = Math.Max(options.LeastOutputTokens, Kind == ModelApiKind.Responses ? LeastOfResponses : 1);
            // What a model may think with has to fit below the cap, and something has to be left to say.
            if (Body.ThinkingTokens > 0)
                least = Math.Max(least, Body.ThinkingTokens + 1);
            return Math.Min(least, Body.Cap ?? long.MaxValue) * Body.Answers;
        }
    }

    /// <summary>What it may cost at most.</summary>
    /// <param name="tokens">Counts tokens.</param>
    /// <param name="isSecond">
    /// Whether the first estimate has no price: speech, pictures and what is written down are billed by characters, pieces and seconds, or
    /// else by tokens; and where the price table does not know the model's own most, the options' is taken.
    /// </param>
    public CallEstimate Estimate(TokenEstimator tokens, bool isSecond = false) =>
        IsByPieces
            ? isSecond
                ? Estimate(InputTokens(tokens), LargestOfPieces, default(TokenUsage) with { InputAudio = AudioTokens })
                : Estimate(0, 0, Pieces)
            : Estimate(InputTokens(tokens), MaxOutput ?? (isSecond ? SafeTimes(options.LargestOutputTokens, Body.Answers) : null), Beside);

    private CallEstimate Estimate(long inputTokens, long? maxOutput, in TokenUsage beside)
    {
        var estimate = CallEstimate.Model(Model, inputTokens, maxOutput, Origin.Provider);
        var terms = new CallTerms(Body.ServiceTier, Body.Region ?? Origin.Region) { Speed = Body.Speed };
        // Most calls ask for neither, and an estimate is large.
        return terms == default && beside.IsZero ? estimate : estimate with { Terms = terms, Beside = beside };
    }

    /// <summary>Whether it asks for more output than its money affords: its own was clamped, or somebody else's was set aside for
    /// less, once and for all.</summary>
    public bool IsBeyond(BudgetedCall money) =>
        !money.Grows && (money.IsClamped ? !(MaxOutput <= money.MaxOutputTokens) : MaxOutput is { } asked && asked > money.MaxOutputTokens);

    /// <summary>Prompt tokens at most.</summary>
    private long InputTokens(TokenEstimator tokens) =>
        (textTokens ??= tokens.Estimate(Model, Body.Text.Span))
        + TokenEstimator.TokensPerPrompt
        + (Body.Messages * (long)TokenEstimator.TokensPerMessage)
        + (Body.Tools * (long)TokenEstimator.TokensPerTool)
        + (Body.Pictures * options.TokensPerPicture)
        + AudioTokens
        + Body.FileBytes
        + keptTokens;

    /// <summary>Changes the body: a cap that the grant affords, and that a stream says what it used.</summary>
    /// <param name="writer">What changes it.</param>
    /// <param name="affordedOutput">Tokens of output of all answers; null where all that was asked for was granted.</param>
    /// <param name="asksForUsage">Whether the stream is told to say what it used.</param>
    public void Rewrite(BodyWriter writer, long? affordedOutput, bool asksForUsage)
    {
        if (affordedOutput is { } afforded && CanClamp)
            writer.Cap(Body, Math.Max(1, afforded / Body.Answers), CapName, SettingsName);
        if (asksForUsage)
            writer.IncludeUsage(Body);
    }

    /// <summary>The most tokens of all answers; null for the model's own most.</summary>
    private long? MaxOutput =>
        Kind == ModelApiKind.Vectors ? 0
        : Body.Cap is { } cap ? SafeTimes(cap, Body.Answers)
        : Body.Answers > 1 ? SafeTimes(options.LargestOutputTokens, Body.Answers)
        : null;

    private bool IsByPieces => IsOfPieces(Kind);

    private static bool IsOfPieces(ModelApiKind kind) => kind is ModelApiKind.Pictures or ModelApiKind.Speech or ModelApiKind.Hearing;

    private TokenUsage Pieces =>
        Kind switch
        {
            ModelApiKind.Pictures => default(TokenUsage) with { OutputPictures = Body.Answers },
            ModelApiKind.Hearing => default(TokenUsage) with { InputAudioSeconds = (AudioMilliseconds + 999) / 1_000 },
            _ => default(TokenUsage) with { InputCharacters = Body.Text.Length },
        };

    // Nobody speaks faster than sound has tokens.
    private long LargestOfPieces =>
        Kind == ModelApiKind.Hearing ? Math.Max(LargestPiece, AudioTokens) : SafeTimes(LargestPiece, Body.Answers);

    private long AudioTokens => (AudioMilliseconds + MillisecondsPerAudioToken - 1) / MillisecondsPerAudioToken;

    private long AudioMilliseconds =>
        Body.AudioMilliseconds + (Body.AudioBytes * 1_000 / options.AudioBytesPerSecond) is var sound
        && Kind == ModelApiKind.Hearing
        && Origin.Provider == "groq"
            ? Math.Max(LeastMillisecondsOfGroq, sound)
            : sound;

    private TokenUsage Beside =>
        default(TokenUsage) with
        {
            InputAudio = AudioTokens,
            WebSearches =
                Body.WebSearches > 0 ? Body.WebSearches
                : Body.SearchesFreely ? options.Searches
                : 0,
        };

    private string CapName =>
        Kind switch
        {
            ModelApiKind.Responses => "max_output_tokens",
            ModelApiKind.Gemini => "maxOutputTokens",
            ModelApiKind.Chat when IsOpenAi => "max_completion_tokens",
            _ => "max_tokens",
        };

    private string? SettingsName => Kind == ModelApiKind.Gemini ? "generationConfig" : null;

    // OpenAI's newer models refuse max_tokens; most others know nothing else.
    private bool IsOpenAi =>
        Origin.Provider is "openai" or "azure"
        || (
            Origin.Provider is null
            && (
                Model.StartsWith("gpt-", StringComparison.OrdinalIgnoreCase)
                || Model.StartsWith("chatgpt-", StringComparison.OrdinalIgnoreCase)
                || (Model.Length > 1 && Model[0] is 'o' or 'O' && char.IsAsciiDigit(Model[1]))
            )
        );

    /// <summary>Whether a stream is to be told to say what it used. Mistral and Perplexity say it unasked, and refuse to be
    /// asked.</summary>
    public bool WantsUsage =>
        options.IncludesUsage
        && Kind is ModelApiKind.Chat or ModelApiKind.Completions
        && IsStream
        && !Body.IncludesUsage
        && Origin.Provider is not ("mistral" or "perplexity" or "cohere")
        && !Model.Contains("mistral", StringComparison.OrdinalIgnoreCase);

    private static long SafeTimes(long cap, long answers) => cap > TokenUsage.MaxCount / answers ? TokenUsage.MaxCount : cap * answers;
}
