namespace AgentBudget;

/// <summary>
/// Holder to parent: a session that is to be opened asks its tenant for leave and for its first money. Nothing of it stands anywhere yet,
/// so
/// a refusal leaves no trace. The answer is an <see cref="Invitation"/>.
/// </summary>
[GenerateSerializer, Immutable, Alias("agentbudget.admission-request")]
public sealed record AdmissionRequest : LedgerMessage
{
    /// <summary>What the caller said; what it did not say, the tenant's defaults fill in.</summary>
    [Id(0)]
    public required BudgetSessionOptions Options { get; init; }

    /// <summary>The hash of what the caller asked for.</summary>
    [Id(1)]
    public required long BodyHash { get; init; }

    /// <summary>Whether a tenant that was never set refuses.</summary>
    [Id(2)]
    public bool MustBeSet { get; init; }

    /// <summary>Whether a call opens the session that nobody has opened: the tenant has to say that it does.</summary>
    [Id(3)]
    public bool IsByItself { get; init; }
}
