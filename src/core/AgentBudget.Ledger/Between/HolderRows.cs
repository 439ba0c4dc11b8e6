namespace AgentBudget.Ledger.Between;

/// <summary>
/// The rows of one ledger in memory: the open ones, and of the closed ones those that this activation has changed. What is on its way
/// to the store cannot be looked up there.
/// </summary>
internal sealed class HolderRows
{
    /// <summary>Closed rows that are kept once they are durable.</summary>
    public const int ClosedKept = 64;

    public static readonly IReadOnlyDictionary<string, HolderRow> None = new Dictionary<string, HolderRow>(0);

    private readonly Dictionary<string, HolderRow> open = [];
    private readonly Dictionary<long, (HolderRow Row, long ChangedAt)> closed = [];
    private readonly Dictionary<string, Intent> intents = [];
    private readonly Dictionary<string, long> told = [];
    private long allToldThrough;

    public IReadOnlyDictionary<string, HolderRow> Open => open;

    /// <summary>How many open rows have no holder yet.</summary>
    public int Unregistered { get; private set; }

    /// <summary>The last change of a closed row that was forgotten: what was read of the store before it may be older than the row
    /// was.</summary>
    public long ForgottenThrough { get; private set; }

    /// <summary>Takes up an open row that was stored.</summary>
    public void Add(HolderRow row)
    {
        if (open.TryGetValue(row.HolderId, out var known) && known.HolderLife == 0)
            Unregistered--;
        open[row.HolderId] = row;
        if (row.HolderLife == 0)
            Unregistered++;
        else if (known is not { HolderLife: not 0 })
            allToldThrough = 0;
        if (row.Intent is { Key: { } key } intent)
            intents[key] = intent;
    }

    /// <summary>Takes a row as an entry has left it.</summary>
    public void Put(HolderRow row, long sequence)
    {
        var known = open.GetValueOrDefault(row.HolderId);
        if (known?.Number == row.Number && known.Intent?.Key is { } key && row.Intent is null)
            intents.Remove(key);
        if (row.IsOpen)
        {
            Add(row);
            return;
        }

        if (known?.Number == row.Number)
        {
            open.Remove(row.HolderId);
            if (known.HolderLife == 0)
                Unregistered--;
            told.Remove(row.HolderId);
        }

        closed[row.Number] = (row, sequence);
    }

    /// <summary>Notes the number of the last hold that a holder, and all below it, has written. Not durable: holders are asked
    /// again.</summary>
    public void Told(string holderId, long holdNumber) => told[holderId] = Math.Max(holdNumber, told.GetValueOrDefault(holderId));

    /// <summary>How many registered holders are not known to have written the hold.</summary>
    public int NotTold(long holdNumber)
    {
        if (holdNumber <= allToldThrough)
            return 0;
        var count = 0;
        foreach (var row in open.Values)
        {
            if (row.HolderLife != 0 && !HasWritten(row, holdNumber))
                count++;
        }

        if (count == 0)
            allToldThrough = holdNumber;
        return count;
    }

    /// <summary>Whether a holder, and all below it, is known to have written the hold.</summary>
    public bool HasWritten(HolderRow row, long holdNumber) => told.GetValueOrDefault(row.HolderId) >= holdNumber;

    public Intent? FindIntent(string key) => intents.GetValueOrDefault(key);

    public HolderRow? FindClosed(string holderId, long life)
    {
        foreach (var (row, _) in closed.Values)
        {
            if (row.HolderLife == life && row.HolderId == holderId)
                return row;
        }

        return null;
    }

    /// <summary>Forgets closed rows whose last change is durable, so that their number stays bounded.</summary>
    public void Forget(long durableSequence)
    {
        if (closed.Count <= ClosedKept)
            return;
        foreach (var (number, (_, changedAt)) in closed.Where(pair => pair.Value.ChangedAt <= durableSequence).ToArray())
        {
            closed.Remove(number);
            ForgottenThrough = Math.Max(ForgottenThrough, changedAt);
        }
    }
}
