namespace AgentBudget.Ledger;

/// <summary>
/// What of a head is about other ledgers and shared children. A head is copied for every entry and kept for every idle session, and most
/// have nothing of this.
/// </summary>
internal sealed record HeadFamily
{
    public static readonly HeadFamily None = new();

    public IReadOnlyList<ChildAccount> Children { get; init; } = [];

    public long ChildrenTotal { get; init; }

    public ParentLink? Link { get; init; }

    public IReadOnlyList<Intent> Intents { get; init; } = [];

    public int OpenHolders { get; init; }

    public long HoldNumber { get; init; }

    public TenantState? Tenant { get; init; }

    /// <summary>Null when it says nothing, so that a head has one form.</summary>
    public HeadFamily? OrNull() =>
        this is { Children.Count: 0, ChildrenTotal: 0, Link: null, Intents.Count: 0, OpenHolders: 0, HoldNumber: 0, Tenant: null }
            ? null
            : this;
}
