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
    private readonly Dictionary<string, (long HoldNumber, HoldCount Count)> below = [];

    // Kept up to date, and not looked for: a ledger can have 10,000 holders, and is asked with each of its entries.
    private readonly HashSet<string> unregistered = [];
    private readonly HashSet<string> notTold = [];
    private readonly HashSet<string> uncovered = [];
    private long notToldOf;

    public IReadOnlyDictionary<string, HolderRow> Open => open;

    /// <summary>Who is to be opened and has not registered.</summary>
    public IReadOnlyCollection<string> Unregistered => unregistered;

    /// <summary>Whose money is not all covered by the ledger's budget.</summary>
    public IReadOnlyCollection<string> Uncovered => uncovered;

    /// <summary>The rows of those, the oldest first.</summary>
    public HolderRow[] UncoveredOldestFirst() => uncovered.Select(id => open[id]).OrderBy(row => row.Number).ToArray();

    /// <summary>The last change of a closed row that was forgotten: what was read of the store before it may be older than the row
    /// was.</summary>
    public long ForgottenThrough { get; private set; }

    /// <summary>Takes up an open row that was stored.</summary>
    public void Add(HolderRow row)
    {
        open[row.HolderId] = row;
        // Who was admitted has its money, and registers with its first word.
        if (row is { HolderLife: 0, Policy: HolderPolicy.Carved })
            unregistered.Add(row.HolderId);
        else
            unregistered.Remove(row.HolderId);
        if (IsToBeTold(row, notToldOf))
            notTold.Add(row.HolderId);
        if (row.Uncovered > Money.Zero)
            uncovered.Add(row.HolderId);
        else
            uncovered.Remove(row.HolderId);
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
            unregistered.Remove(row.HolderId);
            notTold.Remove(row.HolderId);
            uncovered.Remove(row.HolderId);
            told.Remove(row.HolderId);
            below.Remove(row.HolderId);
        }

        closed[row.Number] = (row, sequence);
    }

    /// <summary>Notes the number of the last hold that a holder, and all below it, has written. Not durable: holders are asked
    /// again.</summary>
    public void Told(string holderId, long holdNumber)
    {
        told[holderId] = Math.Max(holdNumber, told.GetValueOrDefault(holderId));
        if (told[holderId] >= notToldOf)
            notTold.Remove(holderId);
    }

    /// <summary>Notes how far a hold has come below a holder.</summary>
    public void Count(HolderWord word)
    {
        if (word.WrittenBelow + word.NotWrittenBelow > 0 && word.HoldNumber >= below.GetValueOrDefault(word.HolderId).HoldNumber)
            below[word.HolderId] = (word.HoldNumber, new HoldCount(word.WrittenBelow, word.NotWrittenBelow));
    }

    /// <summary>How many, at all levels, are known to have written the last hold, and how many are not.</summary>
    /// <param name="holdNumber">Its number.</param>
    /// <param name="all">How many hold money, or did when it was made and have ended by it.</param>
    public HoldCount Count(long holdNumber, int all)
    {
        var left = NotTold(holdNumber);
        var count = new HoldCount(all - left.Count, left.Count);
        foreach (var (holderId, (number, its)) in below)
        {
            if (number < holdNumber)
                continue;
            // It has written the hold itself, whoever below has not.
            var itself = left.Contains(holderId) ? 1 : 0;
            count = new HoldCount(count.Written + its.Written + itself, count.NotWritten + its.NotWritten - itself);
        }

        return count;
    }

    /// <summary>Which registered holders are not known to have written the hold.</summary>
    public IReadOnlyCollection<string> NotTold(long holdNumber)
    {
        if (holdNumber == notToldOf)
            return notTold;
        notToldOf = holdNumber;
        notTold.Clear();
        foreach (var row in open.Values)
        {
            if (IsToBeTold(row, holdNumber))
                notTold.Add(row.HolderId);
        }

        return notTold;
    }

    /// <summary>Whether a holder, and all below it, is known to have written the hold.</summary>
    public bool HasWritten(HolderRow row, long holdNumber) => told.GetValueOrDefault(row.HolderId) >= holdNumber;

    private bool IsToBeTold(HolderRow row, long holdNumber) =>
        (row.HolderLife != 0 || row.Policy != HolderPolicy.Carved) && !HasWritten(row, holdNumber);

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
    /// <param name="durableSequence">The last entry that the store has.</param>
    /// <param name="kept">As many are kept all the same.</param>
    public void Forget(long durableSequence, int kept = ClosedKept)
    {
        if (closed.Count <= kept)
            return;
        foreach (var (number, (_, changedAt)) in closed.Where(pair => pair.Value.ChangedAt <= durableSequence).ToArray())
        {
            closed.Remove(number);
            ForgottenThrough = Math.Max(ForgottenThrough, changedAt);
        }
    }
}

/// <summary>How far a hold has come among those who have money of a ledger, at all levels.</summary>
/// <param name="Written">How many are known to have written it.</param>
/// <param name="NotWritten">How many are not.</param>
internal readonly record struct HoldCount(int Written, int NotWritten);
