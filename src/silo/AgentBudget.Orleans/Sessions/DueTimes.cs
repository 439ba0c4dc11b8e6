namespace AgentBudget.Orleans.Sessions;

/// <summary>When a session wants to be tended, as the due-at index of the store holds it.</summary>
internal static class DueTimes
{
    /// <summary>How long after its last entry a session with something under way between ledgers is tended.</summary>
    public static readonly TimeSpan Unfinished = TimeSpan.FromMinutes(1);

    /// <summary>How long a session whose holders are well is left alone.</summary>
    public static readonly TimeSpan ChildrenAreWell = TimeSpan.FromMinutes(5);

    /// <summary>The due time that follows from the session alone.</summary>
    public static DateTimeOffset Wanted(SessionLedger ledger, TimeSpan retention)
    {
        var head = ledger.Head;
        if (HasUnfinished(head))
            return Earlier(head.LastEntryAt + (IsUnderWay(ledger) ? Unfinished : ChildrenAreWell), ledger.NextDue);
        return head.EndedAt is { } ended ? ended + retention : ledger.NextDue;
    }

    /// <summary>
    /// Whether something is under way between ledgers: money is out, an operation waits for another ledger, money of the parent has not
    /// arrived, or the parent has not booked all that this ledger spent until its end.
    /// </summary>
    public static bool HasUnfinished(SessionHead head) =>
        head.OpenHolders > 0
        || head.Intents.Count > 0
        || (head.Link is { } link && (head.AwaitsFirstGrant || (head.End != EndReason.None && link.HasNews)));

    // Money that is out with holders who are well is nothing to hurry for: a busy parent would wake its whole family every minute.
    private static bool IsUnderWay(SessionLedger ledger) =>
        ledger.Head.OpenHolders == 0 || ledger.Head.Intents.Count > 0 || ledger.HasHoldersToTell;

    private static DateTimeOffset Earlier(DateTimeOffset left, DateTimeOffset right) => left < right ? left : right;
}
