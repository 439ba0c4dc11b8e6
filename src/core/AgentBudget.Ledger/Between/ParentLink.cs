namespace AgentBudget;

/// <summary>What a holder knows of the ledger above that its money comes from. Totals that only grow.</summary>
internal sealed record ParentLink
{
    /// <summary>The parent's id.</summary>
    public required string ParentId { get; init; }

    /// <summary>Which life of that id: the next one owes this holder nothing.</summary>
    public required long ParentLife { get; init; }

    /// <summary>The parent's entry that opened the row.</summary>
    public required long RowNumber { get; init; }

    /// <summary>All that was granted and has arrived: zero until the parent knows that the holder is registered.</summary>
    public Money Granted { get; init; }

    /// <summary>What was given back of it, the return at the end aside.</summary>
    public Money GivenBack { get; init; }

    /// <summary>The number of the parent's last hold that arrived.</summary>
    public long HoldNumber { get; init; }

    /// <summary>How often this ledger was found to be restored to an earlier moment.</summary>
    public int Epoch { get; init; }

    /// <summary>The entry through which the parent has booked everything; written down once the holder has ended.</summary>
    public long AcknowledgedThrough { get; init; }

    /// <summary>The last entry that the parent has to hear of.</summary>
    public long LastNews { get; init; }

    /// <summary>Whether the parent's store says that this life of it is no more: nobody is left to be told.</summary>
    public bool IsParentGone { get; init; }

    /// <summary>What the holder may have in all: its authority.</summary>
    public Money Held => Granted - GivenBack;

    /// <summary>Whether something is still to be told.</summary>
    public bool HasNews => !IsParentGone && LastNews > AcknowledgedThrough;
}
