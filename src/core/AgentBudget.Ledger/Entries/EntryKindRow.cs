namespace AgentBudget.Ledger;

/// <summary>What an entry of a kind does to the head.</summary>
internal delegate void HeadMove(ref HeadChange change, SessionHead head, Entry entry);

/// <summary>What an entry of a kind is to the sense of loops.</summary>
internal enum CallStep
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A call begins.</summary>
    Begins,

    /// <summary>A call that began earlier ends, and may have a result.</summary>
    Ends,

    /// <summary>A call begins and ends in one.</summary>
    Whole,
}

/// <summary>When look-ups of other entries depend on an entry, so that stores index it by <see cref="Entry.Related"/>.</summary>
internal enum RelatedLookup
{
    /// <summary>Never.</summary>
    Never,

    /// <summary>When it names another entry.</summary>
    WhenRelated,

    /// <summary>Always.</summary>
    Always,
}

/// <summary>All that a kind of entry means, in one place.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Move">What it does to the head.</param>
internal sealed record EntryKindRow(EntryKind Kind, HeadMove Move)
{
    /// <summary>What it does to the open reservations.</summary>
    public ReservationEffect Reservation { get; init; }

    /// <summary>What it is to the sense of loops.</summary>
    public CallStep CallStep { get; init; }

    /// <summary>When look-ups of other entries depend on it.</summary>
    public RelatedLookup RelatedLookup { get; init; }

    /// <summary>Whether the session is used by it. What the clock or another ledger does is no use.</summary>
    public bool IsActivity { get; init; } = true;

    /// <summary>Whether it may stand before the session was opened.</summary>
    public bool MayStandFirst { get; init; }

    /// <summary>Whether its amount may be below zero.</summary>
    public bool IsSigned { get; init; }

    /// <summary>Whether by it an operator makes room, so that a hard limit that was met is armed again.</summary>
    public bool IsOperatorsMoney { get; init; }

    /// <summary>Whether it is an event for others by itself, whatever it led to; <see cref="BudgetEvents.Any"/> says when it is
    /// not.</summary>
    public bool IsEvent { get; init; }

    /// <summary>Whether its amount is what a call cost.</summary>
    public bool IsCost { get; init; }
}
