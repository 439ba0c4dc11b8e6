namespace AgentBudget;

/// <summary>Holder to parent: what it has, what it did in a range of its entries, and what it asks for.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.holder-word")]
public sealed record HolderWord : LedgerMessage
{
    /// <summary>The holder's life; 0 for an id that is somebody else's.</summary>
    [Id(0)]
    public required long HolderLife { get; init; }

    /// <summary>What was granted and has arrived.</summary>
    [Id(1)]
    public Money Granted { get; init; }

    /// <summary>All that it has spent.</summary>
    [Id(2)]
    public Money Spent { get; init; }

    /// <summary>The number of the parent's last hold that it has written.</summary>
    [Id(3)]
    public long HoldNumber { get; init; }

    /// <summary>The same, once all that hold money of the holder have written what it told them; 0 until then, and beyond all numbers once
    /// the holder has ended, which authorises nothing any more.</summary>
    [Id(4)]
    public long HoldSpread { get; init; }

    /// <summary>The least that it asks for, as a total of what was granted; zero when it asks for nothing.</summary>
    [Id(5)]
    public Money AtLeast { get; init; }

    /// <summary>The same for all that wait.</summary>
    [Id(6)]
    public Money All { get; init; }

    /// <summary>What it reports, or null.</summary>
    [Id(7)]
    public HolderReport? Report { get; init; }

    /// <summary>What became of the holder where it cannot speak for itself.</summary>
    [Id(8)]
    public HolderState State { get; init; }

    /// <summary>The entry of the operation that asks first; 0 when it asks for what it was opened with, or for nothing.</summary>
    [Id(9)]
    public long Ask { get; init; }

    /// <summary>Whether the answer has to stand on a read of the store: the holder is about to be purged.</summary>
    [Id(10)]
    public bool WantsProof { get; init; }

    /// <summary>What it would like to have granted in all, to have something in hand; zero for nothing.</summary>
    [Id(11)]
    public Money Wish { get; init; }

    /// <summary>The whole first call that waits for money, of which it lacks a part: what a limit has to be able to pay.</summary>
    [Id(12)]
    public Money Amount { get; init; }

    /// <summary>Since when that call has waited: an instant, which travels up through all levels.</summary>
    [Id(13)]
    public DateTimeOffset Since { get; init; }

    /// <summary>The last recall that it has answered.</summary>
    [Id(14)]
    public long Recalled { get; init; }

    /// <summary>How it gets its money.</summary>
    [Id(15)]
    public HolderPolicy Policy { get; init; }

    /// <summary>How many below it, at all levels, are known to have written the hold that it told them.</summary>
    [Id(16)]
    public int WrittenBelow { get; init; }

    /// <summary>How many are not.</summary>
    [Id(17)]
    public int NotWrittenBelow { get; init; }

    /// <summary>Whether a tenant asks for the defaults that it inherits.</summary>
    [Id(18)]
    public bool WantsInherited { get; init; }

    /// <summary>The mark of those that it has; 0 for none.</summary>
    [Id(19)]
    public long InheritedMark { get; init; }

    /// <summary>Whether what it asks for is waited for by somebody with a place in line, or by holders of a tenant whose callers are there,
    /// and not only by calls that are answered within the time-out of a write.</summary>
    [Id(20)]
    public bool IsPatient { get; init; }
}

/// <summary>What is behind a holder's id.</summary>
public enum HolderState : byte
{
    /// <summary>The holder.</summary>
    Known = 0,

    /// <summary>A ledger of somebody else.</summary>
    Taken = 1,

    /// <summary>Not this life of it, as a read of the store has shown.</summary>
    Unknown = 2,
}
