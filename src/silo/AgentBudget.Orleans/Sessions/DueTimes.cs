namespace AgentBudget.Orleans.Sessions;

/// <summary>When a session wants to be tended, as the due-at index of the store holds it.</summary>
internal static class DueTimes
{
    /// <summary>How long after its last entry a session with unfinished business between parent and child is tended.</summary>
    public static readonly TimeSpan Unfinished = TimeSpan.FromMinutes(1);

    /// <summary>How long a session whose children are well is left alone.</summary>
    public static readonly TimeSpan ChildrenAreWell = TimeSpan.FromMinutes(5);

    /// <summary>The due time that follows from the session alone.</summary>
    public static DateTimeOffset Wanted(SessionLedger ledger, TimeSpan retention)
    {
        var head = ledger.Head;
        if (HasUnfinished(head))
            return Earlier(head.LastEntryAt + Unfinished, ledger.NextDue);
        return head.EndedAt is { } ended ? ended + retention : ledger.NextDue;
    }

    /// <summary>Whether money is out with children, or news for the parent has not arrived.</summary>
    public static bool HasUnfinished(SessionHead head) => HasOpenCarves(head) || head.Origin?.HasNewsForParent(head.End) == true;

    /// <summary>Whether money is out with carved children.</summary>
    public static bool HasOpenCarves(SessionHead head) =>
        head.Children.Count > 0 && head.Children.Any(child => child is { Kind: ChildKind.Carved, IsOpen: true });

    private static DateTimeOffset Earlier(DateTimeOffset left, DateTimeOffset right) => left < right ? left : right;
}
