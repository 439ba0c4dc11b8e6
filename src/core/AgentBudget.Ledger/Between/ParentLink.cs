namespace AgentBudget;

/// <summary>What a holder knows of the ledger above that its money comes from. Totals that only grow.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.parent-link")]
public sealed record ParentLink
{
    /// <summary>The parent's id.</summary>
    [Id(0)]
    public required string ParentId { get; init; }

    /// <summary>Which life of that id: the next one owes this holder nothing.</summary>
    [Id(1)]
    public required long ParentLife { get; init; }

    /// <summary>Which of the parent's rows its invitation named.</summary>
    [Id(2)]
    public required long RowMark { get; init; }

    /// <summary>All that was granted and has arrived: zero until the parent knows that the holder is registered.</summary>
    [Id(3)]
    public Money Granted { get; init; }

    /// <summary>What was given back of it, the return at the end aside.</summary>
    [Id(4)]
    public Money GivenBack { get; init; }

    /// <summary>The number of the parent's last hold that arrived.</summary>
    [Id(5)]
    public long HoldNumber { get; init; }

    /// <summary>How often this ledger was found to be restored to an earlier moment.</summary>
    [Id(6)]
    public int Epoch { get; init; }

    /// <summary>The entry through which the parent has booked everything; written down once the holder has ended.</summary>
    [Id(7)]
    public long AcknowledgedThrough { get; init; }

    /// <summary>The last entry that the parent has to hear of.</summary>
    [Id(8)]
    public long LastNews { get; init; }

    /// <summary>
    /// Whether the parent's store says that this life of it is no more: nobody is left to be told. The sweep asks all the same, for a
    /// store that was restored to before the parent was opened may be restored once more.
    /// </summary>
    [Id(9)]
    public bool IsParentGone { get; init; }

    /// <summary>How the parent's money reaches the holder.</summary>
    [Id(10)]
    public HolderPolicy Policy { get; init; }

    /// <summary>The number of the parent's last stop that arrived, for a tenant under a tenant.</summary>
    [Id(11)]
    public long StopNumber { get; init; }

    /// <summary>Whether the holder's budget is what the parent granted; otherwise it has a budget of its own, and holds what it is about
    /// to need.</summary>
    public bool IsCarved => Policy == HolderPolicy.Carved;

    /// <summary>What the holder may have in all.</summary>
    public Money Authority => Granted - GivenBack;

    /// <summary>Whether something is still to be told.</summary>
    public bool HasNews => !IsParentGone && LastNews > AcknowledgedThrough;
}
