namespace AgentBudget.Ledger;

/// <summary>What of an entry most have not. An entry is made for every call, and each place in it is written and read again.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.entry-parts")]
internal sealed record EntryParts
{
    public static readonly EntryParts None = new();

    [Id(0)]
    public string? Reason { get; init; }

    [Id(1)]
    public Breakdown? Breakdown { get; init; }

    [Id(2)]
    public LoopEvidence? Loop { get; init; }

    [Id(3)]
    public BudgetSessionOptions? Options { get; init; }

    [Id(4)]
    public HolderChange? Holder { get; init; }

    [Id(5)]
    public ParentLink? Link { get; init; }

    [Id(6)]
    public Intent? Intent { get; init; }

    [Id(7)]
    public TenantState? Tenant { get; init; }

    [Id(8)]
    public string? By { get; init; }

    [Id(9)]
    public WindowKind Window { get; init; }

    [Id(10)]
    public Breakdown? SpendByThen { get; init; }

    /// <summary>What a part is put into; null when there is nothing, and nothing is put there.</summary>
    public static EntryParts? Of(EntryParts? parts, bool isNothing) => parts ?? (isNothing ? null : None);

    /// <summary>Null when it says nothing, so that an entry has one form.</summary>
    public EntryParts? OrNull() => this == None ? null : this;
}
