using AgentBudget.Ledger;

namespace AgentBudget;

/// <summary>
/// What a tenant's sessions are opened with where nobody says otherwise. Whatever is null is left to the tenant above, and in the end to
/// the
/// defaults of <see cref="BudgetSessionOptions"/>.
/// </summary>
[GenerateSerializer, Immutable, Alias("agentbudget.session-defaults")]
public sealed record SessionDefaults
{
    /// <summary>Nothing is said.</summary>
    public static readonly SessionDefaults None = new();

    [Id(0)]
    private readonly decimal[]? softLimits;

    /// <summary>Dollars that a session may authorise: above $0.00, at most one billion. A session opened without a budget needs one
    /// here.</summary>
    [Id(1)]
    public Money? Budget { get; init; }

    /// <summary>Fractions at which a soft-limit event fires: up to 16, each in (0, 1].</summary>
    public IReadOnlyList<decimal>? SoftLimits
    {
        get => softLimits;
        init => softLimits = value is null ? null : Owned.ListOf(value);
    }

    /// <summary>The fraction up to which money may be authorised, in (0, 1].</summary>
    [Id(2)]
    public decimal? HardLimit { get; init; }

    /// <summary>The last fraction below the hard limit, for calls marked final, in [0, 1).</summary>
    [Id(3)]
    public decimal? FinalizationReserve { get; init; }

    /// <summary>When repeated calls are a loop.</summary>
    [Id(4)]
    public LoopPolicy? Loops { get; init; }

    /// <summary>What to do with unknown models.</summary>
    [Id(5)]
    public UnknownModelPolicy? UnknownModels { get; init; }

    /// <summary>Enforce or observe.</summary>
    [Id(6)]
    public SessionMode? Mode { get; init; }

    /// <summary>Whether a refusal as exhausted opens the breaker.</summary>
    [Id(7)]
    public bool? LatchWhenExhausted { get; init; }

    /// <summary>How long a session lives at most: 1 second to 10 years.</summary>
    [Id(8)]
    public TimeSpan? TimeToLive { get; init; }

    /// <summary>How long it may be idle: 1 minute to 90 days.</summary>
    [Id(9)]
    public TimeSpan? IdleTimeout { get; init; }

    /// <summary>These, and where they say nothing those of the tenant above.</summary>
    /// <param name="above">The defaults of the tenant above.</param>
    public SessionDefaults Over(SessionDefaults above)
    {
        ArgumentNullException.ThrowIfNull(above);
        return new SessionDefaults
        {
            Budget = Budget ?? above.Budget,
            SoftLimits = SoftLimits ?? above.SoftLimits,
            HardLimit = HardLimit ?? above.HardLimit,
            FinalizationReserve = FinalizationReserve ?? above.FinalizationReserve,
            Loops = Loops ?? above.Loops,
            UnknownModels = UnknownModels ?? above.UnknownModels,
            Mode = Mode ?? above.Mode,
            LatchWhenExhausted = LatchWhenExhausted ?? above.LatchWhenExhausted,
            TimeToLive = TimeToLive ?? above.TimeToLive,
            IdleTimeout = IdleTimeout ?? above.IdleTimeout,
        };
    }

    /// <summary>
    /// Fills in what a caller has left at its default. An option that is said in so many words and equals the default of
    /// <see cref="BudgetSessionOptions"/> cannot be told from one that is not said. A finalization reserve that does not fit below the hard
    /// limit is not filled in.
    /// </summary>
    /// <param name="said">What the caller said; a budget of zero is one that is not said.</param>
    public BudgetSessionOptions Fill(BudgetSessionOptions said)
    {
        ArgumentNullException.ThrowIfNull(said);
        var plain = new BudgetSessionOptions { Budget = said.Budget };
        var filled = said with
        {
            Budget = said.Budget == Money.Zero ? Budget ?? said.Budget : said.Budget,
            SoftLimits = said.SoftLimits.SequenceEqual(plain.SoftLimits) ? SoftLimits ?? said.SoftLimits : said.SoftLimits,
            HardLimit = said.HardLimit == plain.HardLimit ? HardLimit ?? said.HardLimit : said.HardLimit,
            FinalizationReserve =
                said.FinalizationReserve == plain.FinalizationReserve
                    ? FinalizationReserve ?? said.FinalizationReserve
                    : said.FinalizationReserve,
            Loops = said.Loops == plain.Loops ? Loops ?? said.Loops : said.Loops,
            UnknownModels = said.UnknownModels == plain.UnknownModels ? UnknownModels ?? said.UnknownModels : said.UnknownModels,
            Mode = said.Mode == plain.Mode ? Mode ?? said.Mode : said.Mode,
            LatchWhenExhausted =
                said.LatchWhenExhausted == plain.LatchWhenExhausted
                    ? LatchWhenExhausted ?? said.LatchWhenExhausted
                    : said.LatchWhenExhausted,
            TimeToLive = said.TimeToLive ?? TimeToLive,
            IdleTimeout = said.IdleTimeout == plain.IdleTimeout ? IdleTimeout ?? said.IdleTimeout : said.IdleTimeout,
        };
        // Two tenants may each have said one of these, and together they would leave nothing for ordinary calls.
        return filled.FinalizationReserve < filled.HardLimit ? filled : filled with { FinalizationReserve = said.FinalizationReserve };
    }

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentException">A value is out of its range; the message names it and the range.</exception>
    public void Validate()
    {
        // What is not said stands at a value that is allowed, so that one place knows the ranges.
        (Fill(new BudgetSessionOptions { Budget = Budget ?? Money.MaxAmount }) with { Tenant = null }).Validate();
    }

    internal void AddTo(ref BodyHash hash)
    {
        hash.Add(Budget?.NanoDollars ?? -1);
        hash.Add(SoftLimits?.Count ?? -1);
        foreach (var limit in SoftLimits ?? [])
            hash.Add(limit);
        hash.Add(HardLimit ?? -1m);
        hash.Add(FinalizationReserve ?? -1m);
        hash.Add(Loops is null ? 0 : 1);
        Loops?.AddTo(ref hash);
        hash.Add((long?)UnknownModels ?? -1);
        hash.Add((long?)Mode ?? -1);
        hash.Add(LatchWhenExhausted is { } latches ? (latches ? 1 : 0) : -1);
        hash.Add(TimeToLive);
        hash.Add(IdleTimeout);
    }
}
