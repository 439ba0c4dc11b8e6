namespace AgentBudget.Ledger;

/// <summary>Where an event stands in its ledger.</summary>
internal readonly record struct EventPlace(long Sequence, long Part, long Parts, long Previous)
{
    /// <summary>Before the first event of a ledger.</summary>
    public static readonly EventPlace Beginning = new(0, 0, 0, 0);

    /// <summary>Whether nothing is missing between an event and this one.</summary>
    public bool IsNextAfter(EventPlace before) =>
        Sequence == before.Sequence ? Part == before.Part + 1 : Part == 1 && Previous == before.Sequence && before.Part == before.Parts;

    public bool IsBehind(EventPlace other) => Sequence > other.Sequence || (Sequence == other.Sequence && Part > other.Part);
}
