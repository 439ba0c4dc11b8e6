using AgentBudget.Ledger;
using AgentBudget.Ledger.Between;

namespace AgentBudget;

/// <summary>Opens a shared child: a sub-account that draws on this session's available money.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.open-shared-child")]
public sealed record OpenSharedChildCommand : SessionCommand
{
    /// <summary>The child's name, unique within the session.</summary>
    [Id(0)]
    public required string Child { get; init; }

    internal override SessionAnswer Decide(Turn turn) => ChildRules.OpenShared(turn, this);

    private protected override int BodyKind => 13;

    private protected override void AddTo(ref BodyHash hash) => hash.Add(Child);

    private protected override void ValidateBody() => Checks.Id(Child, "The child's name");
}

/// <summary>Closes a shared child: its open reservations are released.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.close-shared-child")]
public sealed record CloseSharedChildCommand : SessionCommand
{
    /// <summary>The child's name.</summary>
    [Id(0)]
    public required string Child { get; init; }

    internal override SessionAnswer Decide(Turn turn) => ChildRules.CloseShared(turn, this);

    private protected override int BodyKind => 14;

    private protected override void AddTo(ref BodyHash hash) => hash.Add(Child);

    private protected override void ValidateBody() => Checks.Id(Child, "The child's name");
}

/// <summary>Opens a carved child: a session of its own, with money that this one sets aside at once.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.open-carved-child")]
public sealed record OpenCarvedChildCommand : SessionCommand
{
    /// <summary>The child's session id.</summary>
    [Id(0)]
    public required string Child { get; init; }

    /// <summary>What the child is opened with; its budget is what is set aside.</summary>
    [Id(1)]
    public required BudgetSessionOptions Options { get; init; }

    internal override SessionAnswer Decide(Turn turn) => HolderOpening.Open(turn, this);

    private protected override int BodyKind => 20;

    // All of it: the same key with other tags is another intent.
    private protected override void AddTo(ref BodyHash hash)
    {
        hash.Add(Child);
        Options.AddTo(ref hash);
    }

    private protected override void ValidateBody()
    {
        Checks.Id(Child, "The child's session id");
        Options.Validate();
    }
}

/// <summary>Sets money aside for a carved child, or more of it for one that is open.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.carve")]
public sealed record CarveCommand : SessionCommand
{
    /// <summary>The child's session id.</summary>
    [Id(0)]
    public required string Child { get; init; }

    /// <summary>The money: above $0.00.</summary>
    [Id(1)]
    public required Money Amount { get; init; }

    /// <summary>Whether this is more money for a child that is open.</summary>
    [Id(2)]
    public bool IsTopUp { get; init; }

    internal override SessionAnswer Decide(Turn turn) => ChildRules.Carve(turn, this);

    private protected override int BodyKind => 15;

    private protected override void AddTo(ref BodyHash hash)
    {
        hash.Add(Child);
        hash.Add(Amount);
        hash.Add(IsTopUp ? 1 : 0);
    }

    private protected override void ValidateBody()
    {
        Checks.Id(Child, "The child's session id");
        Checks.Positive(Amount, "The money for the child");
    }
}

/// <summary>Takes back what a sealed child did not spend, and books what it did.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.return-carve")]
public sealed record ReturnCarveCommand : SessionCommand
{
    /// <summary>The child's session id.</summary>
    [Id(0)]
    public required string Child { get; init; }

    /// <summary>The carve's id: the entry that first set money aside.</summary>
    [Id(1)]
    public required long CarveId { get; init; }

    /// <summary>What the child spent.</summary>
    [Id(2)]
    public required Money Spent { get; init; }

    /// <summary>What it spent, by model and tool.</summary>
    [Id(3)]
    public required Breakdown Breakdown { get; init; }

    internal override SessionAnswer Decide(Turn turn) => ChildRules.Return(turn, this);

    private protected override int BodyKind => 16;

    private protected override void AddTo(ref BodyHash hash)
    {
        hash.Add(Child);
        hash.Add(CarveId);
        hash.Add(Spent);
    }

    private protected override void ValidateBody()
    {
        Checks.Id(Child, "The child's session id");
        Checks.Given(Breakdown, "The breakdown");
        // Not bounded as a cost is: it is a sum. A breakdown of another sum would make a session that can never be loaded again.
        if (Spent < Money.Zero)
            throw new ArgumentException($"What the child spent is {Spent}; it must not be negative.");
        if (Breakdown.Total != Spent)
            throw new ArgumentException($"What the child spent is {Spent}, but its breakdown holds {Breakdown.Total}.");
    }
}

/// <summary>Marks the return of this child's money as acknowledged by the parent.</summary>
public sealed record AcknowledgeReturnCommand : SessionCommand
{
    internal override SessionAnswer Decide(Turn turn) => ChildRules.AcknowledgeReturn(turn);

    private protected override int BodyKind => 17;

    private protected override void AddTo(ref BodyHash hash) { }

    private protected override void ValidateBody() { }
}

/// <summary>Marks late charges of this child as passed on to the parent.</summary>
public sealed record ForwardedCommand : SessionCommand
{
    /// <summary>The last entry that was passed on.</summary>
    public required long ThroughSequence { get; init; }

    internal override SessionAnswer Decide(Turn turn) => ChildRules.Forwarded(turn, this);

    private protected override int BodyKind => 18;

    private protected override void AddTo(ref BodyHash hash) => hash.Add(ThroughSequence);

    private protected override void ValidateBody() { }
}

/// <summary>Seals a child: closes it when it is open, or makes sure that it never will be.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.seal")]
public sealed record SealCommand : SessionCommand
{
    /// <summary>The parent that asks.</summary>
    [Id(0)]
    public required string ParentId { get; init; }

    /// <summary>The carve.</summary>
    [Id(1)]
    public required long CarveId { get; init; }

    /// <summary>Whether a child that is open and running is to be closed as well: the parent ends.</summary>
    [Id(2)]
    public bool EvenIfOpen { get; init; }

    internal override SessionAnswer Decide(Turn turn) => OpenRules.Seal(turn, this);

    internal override bool IsForOpenSession => false;

    private protected override int BodyKind => 19;

    private protected override void AddTo(ref BodyHash hash)
    {
        hash.Add(ParentId);
        hash.Add(CarveId);
        hash.Add(EvenIfOpen ? 1 : 0);
    }

    private protected override void ValidateBody() => Checks.Id(ParentId, "The parent's session id");
}
