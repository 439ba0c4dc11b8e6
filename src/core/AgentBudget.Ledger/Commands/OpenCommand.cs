using AgentBudget.Ledger;

namespace AgentBudget;

/// <summary>Opens a session. Opening again with the same options answers the same; with others it is a conflict.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.open")]
public sealed record OpenCommand : SessionCommand
{
    /// <summary>The session's options.</summary>
    [Id(0)]
    public required BudgetSessionOptions Options { get; init; }

    internal override SessionAnswer Decide(Turn turn) => OpenRules.Open(turn, this);

    internal override bool IsForOpenSession => false;

    private protected override int BodyKind => 1;

    private protected override void AddTo(ref BodyHash hash) => Options.AddTo(ref hash);

    private protected override void ValidateBody()
    {
        Checks.Given(Options, "The options");
        Options.Validate();
    }
}
