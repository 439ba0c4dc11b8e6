using AgentBudget.Ledger;

namespace AgentBudget;

/// <summary>Sets money aside before a call.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.reserve")]
public sealed record ReserveCommand : SessionCommand
{
    /// <summary>The most that the call can cost. Zero is allowed: a free tool takes part in loop detection that way.</summary>
    [Id(0)]
    public required Money Amount { get; init; }

    /// <summary>
    /// Whether the ledger's silo prices the call, because the caller has no prices: the amount is then zero, and the call's usage says
    /// how many tokens it takes at most. Default: no.
    /// </summary>
    [Id(1)]
    public bool IsByUsage { get; init; }

    /// <inheritdoc/>
    public override bool NeedsPrice => IsByUsage;

    /// <summary>Sets aside what the silo's prices make of a model call at most.</summary>
    /// <param name="call">The call; its usage says how many tokens it takes at most.</param>
    public static ReserveCommand ByUsage(Call call) =>
        new()
        {
            Amount = Money.Zero,
            Call = call,
            IsByUsage = true,
        };

    /// <summary>The call.</summary>
    [Id(2)]
    public required Call Call { get; init; }

    /// <summary>The least that the caller would also take, so that it can clamp its call; null (default): all or nothing.</summary>
    [Id(3)]
    public Money? LeastAmount { get; init; }

    /// <summary>Whether this is the session's last call, which may use the finalization reserve and pass an exhausted breaker.</summary>
    [Id(4)]
    public bool IsFinal { get; init; }

    /// <summary>How long the reservation lives. Default 15 minutes; 1 second to 24 hours.</summary>
    [Id(5)]
    public TimeSpan TimeToLive { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>The shared child on whose account it goes; null for the session itself.</summary>
    [Id(6)]
    public string? Child { get; init; }

    internal override SessionAnswer Decide(Turn turn) => ReserveRules.Reserve(turn, this);

    internal override SessionCommand PricedAt(PricedUsage price) => this with { Amount = price.Cost, Call = price.Call };

    private protected override int BodyKind => 2;

    private protected override void AddTo(ref BodyHash hash)
    {
        hash.Add(IsByUsage ? PricedLater : Amount.NanoDollars);
        Call.AddTo(ref hash);
        hash.Add(LeastAmount?.NanoDollars ?? -1);
        hash.Add(IsFinal ? 1 : 0);
        hash.Add(TimeToLive);
        hash.Add(Child);
    }

    private protected override void ValidateBody()
    {
        Checks.Cost(Amount, "The amount to reserve");
        Checks.Given(Call, "The call");
        Call.Validate();
        if (IsByUsage)
            Checks.ByUsage(Amount, Call);
        if (LeastAmount is { } least)
        {
            Checks.Cost(least, "The least amount");
            if (least > Amount && !IsByUsage)
                throw new ArgumentException("The least amount must not be above the amount to reserve.");
        }

        Checks.Range(TimeToLive, Bounds.ReservationTimeToLive, "The reservation's time to live");
        Checks.OptionalId(Child, "The child's name");
    }
}

/// <summary>Turns a reservation into spend.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.settle")]
public sealed record SettleCommand : SessionCommand
{
    /// <summary>The reservation.</summary>
    [Id(0)]
    public required long ReservationId { get; init; }

    /// <summary>What the call really cost.</summary>
    [Id(1)]
    public required Money Cost { get; init; }

    /// <summary>The call as it turned out; null: as it was reserved.</summary>
    [Id(2)]
    public Call? Call { get; init; }

    /// <summary>
    /// Whether the ledger's silo prices the call, because the caller has no prices: the cost is then zero, and the call carries its
    /// usage. It is priced with the version of the prices that it was reserved with, as long as the silo still has it. Default: no.
    /// </summary>
    [Id(3)]
    public bool IsByUsage { get; init; }

    /// <inheritdoc/>
    public override bool NeedsPrice => IsByUsage;

    /// <summary>Settles with what the silo's prices make of a model call.</summary>
    /// <param name="reservationId">The reservation.</param>
    /// <param name="call">The call, with its usage.</param>
    public static SettleCommand ByUsage(long reservationId, Call call) =>
        new()
        {
            ReservationId = reservationId,
            Cost = Money.Zero,
            Call = call,
            IsByUsage = true,
        };

    internal override SessionAnswer Decide(Turn turn) => SpendRules.Settle(turn, this);

    internal override long EntryToLookUp(SessionState state) => state.FindOpen(ReservationId) is null ? ReservationId : 0;

    internal override SessionCommand PricedAt(PricedUsage price) => this with { Cost = price.Cost, Call = price.Call };

    private protected override int BodyKind => 3;

    private protected override void AddTo(ref BodyHash hash)
    {
        hash.Add(ReservationId);
        hash.Add(IsByUsage ? PricedLater : Cost.NanoDollars);
        if (Call is null)
            hash.Add(-1);
        else
            Call.AddTo(ref hash);
    }

    private protected override void ValidateBody()
    {
        Checks.Cost(Cost, "The cost");
        Call?.Validate();
        if (IsByUsage)
            Checks.ByUsage(Cost, Call);
    }
}

/// <summary>Gives a reservation back.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.release")]
public sealed record ReleaseCommand : SessionCommand
{
    /// <summary>The reservation.</summary>
    [Id(0)]
    public required long ReservationId { get; init; }

    /// <summary>
    /// Stands for the error that the call ended with, made by <see cref="ResultFingerprint"/>: a failure that comes again and again is a
    /// loop as well. Zero (default): not known.
    /// </summary>
    [Id(1)]
    public ulong Error { get; init; }

    internal override SessionAnswer Decide(Turn turn) => ReservationRules.Release(turn, this);

    internal override long EntryToLookUp(SessionState state) => state.FindOpen(ReservationId) is null ? ReservationId : 0;

    private protected override int BodyKind => 4;

    private protected override void AddTo(ref BodyHash hash)
    {
        hash.Add(ReservationId);
        if (Error != 0)
            hash.Add((long)Error);
    }

    private protected override void ValidateBody() { }
}

/// <summary>Prolongs a reservation: it will not expire before the time to live has passed from now.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.extend")]
public sealed record ExtendCommand : SessionCommand
{
    /// <summary>The reservation.</summary>
    [Id(0)]
    public required long ReservationId { get; init; }

    /// <summary>How long it lives from now. Default 15 minutes; 1 second to 24 hours.</summary>
    [Id(1)]
    public TimeSpan TimeToLive { get; init; } = TimeSpan.FromMinutes(15);

    internal override SessionAnswer Decide(Turn turn) => ReservationRules.Extend(turn, this);

    internal override long EntryToLookUp(SessionState state) => state.FindOpen(ReservationId) is null ? ReservationId : 0;

    private protected override int BodyKind => 5;

    private protected override void AddTo(ref BodyHash hash)
    {
        hash.Add(ReservationId);
        hash.Add(TimeToLive);
    }

    private protected override void ValidateBody() =>
        Checks.Range(TimeToLive, Bounds.ReservationTimeToLive, "The reservation's time to live");
}

/// <summary>
/// Records a cost that has already been incurred. Always recorded on a session that was opened, unless it comes without an amount and
/// the silo's prices have none for it.
/// </summary>
[GenerateSerializer, Immutable, Alias("agentbudget.charge")]
public sealed record ChargeCommand : SessionCommand
{
    /// <summary>The cost.</summary>
    [Id(0)]
    public required Money Cost { get; init; }

    /// <summary>The call that it paid for.</summary>
    [Id(1)]
    public required Call Call { get; init; }

    /// <summary>
    /// Whether the ledger's silo prices the call, because the caller has no prices: the cost is then zero, and the call carries its
    /// usage. Default: no.
    /// </summary>
    [Id(2)]
    public bool IsByUsage { get; init; }

    /// <inheritdoc/>
    public override bool NeedsPrice => IsByUsage;

    /// <summary>Charges what the silo's prices make of a model call.</summary>
    /// <param name="call">The call, with its usage.</param>
    public static ChargeCommand ByUsage(Call call) =>
        new()
        {
            Cost = Money.Zero,
            Call = call,
            IsByUsage = true,
        };

    /// <summary>The shared child on whose account it goes; null for the session itself.</summary>
    [Id(3)]
    public string? Child { get; init; }

    internal override SessionAnswer Decide(Turn turn) => SpendRules.Charge(turn, this);

    internal override SessionCommand PricedAt(PricedUsage price) => this with { Cost = price.Cost, Call = price.Call };

    private protected override int BodyKind => 6;

    private protected override void AddTo(ref BodyHash hash)
    {
        hash.Add(IsByUsage ? PricedLater : Cost.NanoDollars);
        Call.AddTo(ref hash);
        hash.Add(Child);
    }

    private protected override void ValidateBody()
    {
        Checks.Cost(Cost, "The cost");
        Checks.Given(Call, "The call");
        Call.Validate();
        if (IsByUsage)
            Checks.ByUsage(Cost, Call);
        Checks.OptionalId(Child, "The child's name");
    }
}
