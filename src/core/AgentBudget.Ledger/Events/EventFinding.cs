namespace AgentBudget;

/// <summary>What is wrong with an export of events.</summary>
public enum EventFindingKind : byte
{
    /// <summary>A line is no event.</summary>
    Unreadable = 0,

    /// <summary>An event that there was is not there.</summary>
    Missing = 1,

    /// <summary>An event is there once more.</summary>
    Doubled = 2,

    /// <summary>An event is not in its place.</summary>
    Moved = 3,

    /// <summary>An event does not say what the ledger said: it contradicts itself, or the one before it.</summary>
    Altered = 4,
}

/// <summary>Something that is wrong with an export of events, and where.</summary>
/// <param name="Kind">What.</param>
/// <param name="Line">The line on which it showed, from 1 on; 0 where it showed at the end.</param>
/// <param name="Event">The id of the event, or of what is missing, with a <c>*</c> for its time, which nobody knows; empty for a
/// line that is none.</param>
/// <param name="Problem">It in a sentence.</param>
public sealed record EventFinding(EventFindingKind Kind, long Line, string Event, string Problem);

/// <summary>What was seen of one ledger.</summary>
/// <param name="Ledger">The session's id, or the tenant's path behind <c>~</c>.</param>
/// <param name="Events">How many of its events there are.</param>
/// <param name="Billed">The sum of its costs, corrections signed.</param>
/// <param name="Spent">What its last event says that was spent by then, its carved children included.</param>
/// <param name="OfChildren">What of that its events do not account for: its carved children's.</param>
public sealed record VerifiedLedger(string Ledger, long Events, Money Billed, Money Spent, Money OfChildren);
