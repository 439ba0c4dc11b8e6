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

    private protected override void ValidateBody() => Checks.ChildName(Child);
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

    private protected override void ValidateBody() => Checks.ChildName(Child);
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

    private protected override int BodyKind => 15;

    // All of it: the same key with other tags is another intent.
    private protected override void AddTo(ref BodyHash hash)
    {
        hash.Add(Child);
        Options.AddTo(ref hash);
    }

    private protected override void ValidateBody()
    {
        SessionIds.Validate(Child, "The child's session id");
        Checks.Given(Options, "The child's options");
        Options.Validate();
    }
}
