namespace AgentBudget.Ledger;

/// <summary>A stretch of a ledger in which something is missing, so far: what was moved may come yet.</summary>
/// <param name="From">The last event before it.</param>
/// <param name="To">The first behind it.</param>
/// <param name="Line">The line on which it showed.</param>
/// <param name="Moved">What was spent over it; null where part of it has come since.</param>
/// <param name="IsToTold">Whether the event behind it is known to have come too early, and was told.</param>
internal sealed record EventGap(EventPlace From, EventPlace To, long Line, Money? Moved, bool IsToTold)
{
    public bool Has(EventPlace place) => place.IsBehind(From) && To.IsBehind(place);

    /// <summary>What is still missing of it once an event has come.</summary>
    public IEnumerable<EventGap> Without(EventPlace come)
    {
        if (!come.IsNextAfter(From))
            yield return this with
            {
                To = come,
                Moved = null,
            };
        if (!To.IsNextAfter(come))
            yield return this with
            {
                From = come,
                Moved = null,
            };
    }

    /// <summary>The last event that is missing, as far as its place is known, behind the ledger and life.</summary>
    public string Missing =>
        To.Part > 1 && (To.Sequence != From.Sequence || To.Part > From.Part + 1)
            ? FormattableString.Invariant($"{To.Sequence}.{To.Part - 1}")
        : From.Part < From.Parts && To.Previous <= From.Sequence ? FormattableString.Invariant($"{From.Sequence}.{From.Parts}")
        : FormattableString.Invariant($"{To.Previous}");

    /// <summary>Where it is, in words.</summary>
    public string Between =>
        From.Sequence == 0
            ? FormattableString.Invariant($"before entry {To.Sequence}")
            : FormattableString.Invariant($"between entries {From.Sequence} and {To.Sequence}");
}
