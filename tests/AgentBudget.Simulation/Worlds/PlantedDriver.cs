namespace AgentBudget.Simulation.Worlds;

/// <summary>What a driver with a planted fault does around the machine, in worlds and in directed cases alike.</summary>
internal static class PlantedDriver
{
    /// <summary>What is taken for a read of the store that never happened; null where the store is read.</summary>
    public static Evidence? FromMemory(Plants plants) =>
        plants.HasFlag(Plants.UnknownFromMemory) ? new Evidence { IsProven = true, AsOf = long.MaxValue } : null;

    /// <summary>Whether an answer goes out before what it stands on is durable.</summary>
    public static bool IsSaidEarly(Plants plants, IReadOnlyList<Entry> written) =>
        plants.HasFlag(Plants.AnswerBeforeDurable)
        || (plants.HasFlag(Plants.RowInMemoryOnly) && written.Any(entry => entry.Kind == EntryKind.HolderRegistered));

    /// <summary>Whether a ledger is purged on what its parent said before the purge was due.</summary>
    public static bool IsOldWordTaken(Plants plants) => plants.HasFlag(Plants.PurgeOnOldWord);

    /// <summary>A head as it looks to a rule of due times that has forgotten one of its reasons.</summary>
    public static SessionHead SeenByTheRule(Plants plants, SessionHead head)
    {
        if (plants.HasFlag(Plants.HoldersNotDue))
            head = head with { OpenHolders = 0, Intents = [] };
        var isSeen = head.AwaitsFirstGrant
            ? !plants.HasFlag(Plants.FirstGrantNotDue)
            : head.End == EndReason.None || !plants.HasFlag(Plants.LateNewsNotDue);
        return isSeen ? head : head with { Link = null };
    }

    /// <summary>A row as it looks to a grant that does not ask what is out without cover.</summary>
    public static HolderRow SeenByAGrant(Plants plants, HolderRow row) =>
        plants.HasFlag(Plants.CoverAfterGrant) ? row with { Granted = row.Granted - row.Uncovered, Uncovered = Money.Zero } : row;

    /// <summary>Whether a ledger is purged that others still need.</summary>
    public static bool IsPurgedEarly(Plants plants, SessionHead head, bool isOld) =>
        (plants.HasFlag(Plants.PurgeWithOpenRows) && head.IsOver && head.OpenHolders > 0)
        || (plants.HasFlag(Plants.PurgeBeforeAcknowledged) && isOld && head.OpenHolders == 0);
}
