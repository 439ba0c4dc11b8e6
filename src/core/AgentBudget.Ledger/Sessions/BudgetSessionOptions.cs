using AgentBudget.Ledger;

namespace AgentBudget;

/// <summary>Whether limits stop a session or are only written down.</summary>
public enum SessionMode : byte
{
    /// <summary>Limits refuse.</summary>
    Enforce = 0,

    /// <summary>Nothing is refused while the session is open; answers say what would have been.</summary>
    Observe = 1,
}

/// <summary>What to do with a model that the price book does not know.</summary>
public enum UnknownModelPolicy : byte
{
    /// <summary>Refuse the call before it is made.</summary>
    Reject = 0,

    /// <summary>Price it by a given fallback rate.</summary>
    Fallback = 1,

    /// <summary>Price it at zero, with a warning, where its name matches a listed pattern.</summary>
    ZeroWithWarning = 2,
}

/// <summary>What a session is opened with. All fractions are of the budget.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.options")]
public sealed record BudgetSessionOptions
{
    /// <summary>The soft limits of a session that names none: one, at 0.9.</summary>
    public static readonly IReadOnlyList<decimal> DefaultSoftLimits = new[] { 0.9m };

    /// <summary>No tags.</summary>
    public static readonly IReadOnlyDictionary<string, string> NoTags = new Dictionary<string, string>(0);

    private const int DefaultCarvedChildren = 1_000;

    [Id(2)]
    private readonly decimal[] softLimits = Owned.ListOf(DefaultSoftLimits);

    [Id(12)]
    private readonly Dictionary<string, string> tags = Owned.MapOf(NoTags);

    /// <summary>Dollars that the session may authorise: above $0.00, at most one billion.</summary>
    [Id(0)]
    public required Money Budget { get; init; }

    /// <summary>The tenant that pays, such as <c>acme/research/alice</c>. Default: none.</summary>
    [Id(1)]
    public TenantPath? Tenant { get; init; }

    /// <summary>Fractions at which a soft-limit event fires once per arming. Default 0.9; up to 16, each in (0, 1].</summary>
    public IReadOnlyList<decimal> SoftLimits
    {
        get => softLimits;
        init => softLimits = Owned.ListOf(value);
    }

    /// <summary>The fraction up to which money may be authorised. Default 1.0; in (0, 1].</summary>
    [Id(3)]
    public decimal HardLimit { get; init; } = 1m;

    /// <summary>
    /// The last fraction below the hard limit, which only calls marked final may touch. Default 0; in [0, 1) and below the hard limit.
    /// </summary>
    [Id(4)]
    public decimal FinalizationReserve { get; init; }

    /// <summary>When repeated calls are a loop. Default: <see cref="LoopPolicy.Default"/>.</summary>
    [Id(5)]
    public LoopPolicy Loops { get; init; } = LoopPolicy.Default;

    /// <summary>What to do with unknown models. Default: refuse. The client that prices applies it.</summary>
    [Id(6)]
    public UnknownModelPolicy UnknownModels { get; init; }

    /// <summary>Enforce (default) or observe.</summary>
    [Id(7)]
    public SessionMode Mode { get; init; }

    /// <summary>Whether a <c>budget_exhausted</c> refusal opens the breaker. Default: yes. Overage opens it in any case.</summary>
    [Id(8)]
    public bool LatchWhenExhausted { get; init; } = true;

    /// <summary>How long the session lives at most. Default: no such limit; 1 second to 10 years.</summary>
    [Id(9)]
    public TimeSpan? TimeToLive { get; init; }

    /// <summary>How long the session may be idle before it expires. Default 24 hours; 1 minute to 90 days.</summary>
    [Id(10)]
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromHours(24);

    /// <summary>The agent's or workflow's name, for reports across sessions. Default: none; up to 128 characters.</summary>
    [Id(11)]
    public string? Agent { get; init; }

    /// <summary>Tags, up to 16 of at most 64 and 256 characters. Default: none.</summary>
    public IReadOnlyDictionary<string, string> Tags
    {
        get => tags;
        init => tags = Owned.MapOf(value);
    }

    /// <summary>
    /// Carved children that the session may have open at once. Default 1,000; 1 to 10,000. Each is a row in memory for as long as it is
    /// open. Shared children have a bound of their own, <see cref="Bounds.OpenChildren"/>.
    /// </summary>
    [Id(13)]
    public int CarvedChildren { get; init; } = DefaultCarvedChildren;

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentException">A value is out of its range; the message names it and the range.</exception>
    public void Validate()
    {
        // A tenant may have a default for what is not said.
        if (Tenant is null || Budget != Money.Zero)
            Checks.Positive(Budget, "The budget");
        TenantPath.Validate(Tenant);
        Checks.Given(softLimits, "The soft limits");
        Checks.AtMost(SoftLimits.Count, Bounds.SoftLimits, "Soft limits");
        foreach (var limit in SoftLimits)
            Checks.Fraction(limit, zeroAllowed: false, oneAllowed: true, "A soft limit");
        Checks.Fraction(HardLimit, zeroAllowed: false, oneAllowed: true, "The hard limit");
        Checks.Fraction(FinalizationReserve, zeroAllowed: true, oneAllowed: false, "The finalization reserve");
        if (FinalizationReserve >= HardLimit)
            throw new ArgumentException("The finalization reserve must be below the hard limit; nothing would be left for ordinary calls.");
        Checks.Defined(Mode, "The mode");
        Checks.Defined(UnknownModels, "The unknown-model policy");
        Checks.Given(Loops, "The loop policy");
        Loops.Validate();
        if (TimeToLive is { } timeToLive)
            Checks.Range(timeToLive, Bounds.SessionTimeToLive, "The session's time to live");
        Checks.Range(IdleTimeout, Bounds.IdleTimeout, "The idle time-out");
        if (CarvedChildren is < 1 or > Bounds.CarvedChildren)
            throw new ArgumentException($"The carved children open at once are {CarvedChildren}; 1 to {Bounds.CarvedChildren} may be.");
        Checks.Text(Agent, "The agent's name", Bounds.NameLength);
        Checks.NotReserved(Agent, "The agent's name");
        Checks.Given(tags, "The tags");
        Checks.AtMost(Tags.Count, Bounds.Tags, "Tags");
        foreach (var (name, value) in Tags)
        {
            Checks.Name(name, "A tag's name", Bounds.TagNameLength);
            Checks.Given(value, $"The tag {name}");
            Checks.Text(value, $"The tag {name}", Bounds.TagValueLength);
            Checks.NotReserved(value, $"The tag {name}");
        }
    }

    internal void AddTo(ref BodyHash hash)
    {
        hash.Add(Budget);
        hash.Add(Tenant?.ToString());
        hash.Add(SoftLimits.Count);
        foreach (var limit in SoftLimits)
            hash.Add(limit);
        hash.Add(HardLimit);
        hash.Add(FinalizationReserve);
        Loops.AddTo(ref hash);
        hash.Add((long)UnknownModels);
        hash.Add((long)Mode);
        hash.Add(LatchWhenExhausted ? 1 : 0);
        hash.Add(TimeToLive);
        hash.Add(IdleTimeout);
        hash.Add(Agent);
        foreach (var (name, value) in Tags.OrderBy(tag => tag.Key, StringComparer.Ordinal))
        {
            hash.Add(name);
            hash.Add(value);
        }

        if (CarvedChildren != DefaultCarvedChildren)
            hash.Add(CarvedChildren);
    }
}
