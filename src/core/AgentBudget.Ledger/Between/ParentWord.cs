using AgentBudget.Ledger.Tenants;

namespace AgentBudget;

/// <summary>Parent to holder: all that it has to know, every time.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.parent-word")]
public sealed record ParentWord : LedgerMessage
{
    /// <summary>The holder's life.</summary>
    [Id(0)]
    public required long HolderLife { get; init; }

    /// <summary>What was granted so far. In every word: a grant that was lost would be out for ever.</summary>
    [Id(1)]
    public required Money Granted { get; init; }

    /// <summary>What the holder gave back of it, as far as that is booked.</summary>
    [Id(2)]
    public required Money GivenBack { get; init; }

    /// <summary>Through which of the holder's entries reports are booked.</summary>
    [Id(3)]
    public required long Through { get; init; }

    /// <summary>Which epoch of the holder they are booked in.</summary>
    [Id(4)]
    public required int Epoch { get; init; }

    /// <summary>The number of the parent's last hold.</summary>
    [Id(5)]
    public required long HoldNumber { get; init; }

    /// <summary>Whether the parent is paused.</summary>
    [Id(6)]
    public required bool IsPaused { get; init; }

    /// <summary>Whether a report did not go on from what is booked: the holder has been restored, and has grown past it since.</summary>
    [Id(7)]
    public bool IsDiverged { get; init; }

    /// <summary>Whether the holder has to end: the parent does, or counts it as ended.</summary>
    [Id(8)]
    public bool IsStop { get; init; }

    /// <summary>Whether an answer is wanted even if there is nothing to tell.</summary>
    [Id(9)]
    public bool WantsAnswer { get; init; }

    /// <summary>Why what was asked for is not granted; null when it is, or nothing was asked.</summary>
    [Id(10)]
    public RefusalReason? Refused { get; init; }

    /// <summary>Which <see cref="HolderWord.Ask"/> is refused: a late refusal is not meant for the next one.</summary>
    [Id(11)]
    public long RefusedAsk { get; init; }

    /// <summary>What the parent's store says where it has no open row.</summary>
    [Id(12)]
    public ParentState State { get; init; }

    /// <summary>What the holder spent, as far as that is booked: one that has spent something else by then has been restored.</summary>
    [Id(13)]
    public required Money Spent { get; init; }

    /// <summary>Whether the row is closed: a holder that has ended and is booked to its end, with an open row, has been restored.</summary>
    [Id(14)]
    public bool IsClosed { get; init; }

    /// <summary>Whether the store was read for this answer, so that no stale activation gives it.</summary>
    [Id(15)]
    public bool IsProven { get; init; }

    /// <summary>The recall that it makes: what lies idle is to come back; 0 for none.</summary>
    [Id(16)]
    public long Recall { get; init; }

    /// <summary>Which tenant refused, where one did: the one asked, or one above it.</summary>
    [Id(17)]
    public TenantPath? RefusedBy { get; init; }

    /// <summary>What that tenant has left.</summary>
    [Id(18)]
    public Money AvailableThere { get; init; }

    /// <summary>Whether what was refused as exhausted may be asked for again.</summary>
    [Id(19)]
    public bool IsHint { get; init; }

    /// <summary>Whether what was asked for is answered later: others are asked for it.</summary>
    [Id(20)]
    public bool IsPending { get; init; }

    /// <summary>The number of the parent's last stop, where the holder is of those that were stopped; 0 for none.</summary>
    [Id(22)]
    public long StopNumber { get; init; }

    internal ParentWord With(TenantWord word) =>
        this with
        {
            Recall = word.Recall,
            RecallSince = word.RecallSince,
            Refused = word.Refused ?? Refused,
            RefusedAsk = word.Refused is null ? RefusedAsk : word.RefusedAsk,
            RefusedBy = word.By?.Path ?? RefusedBy,
            AvailableThere = word.By?.Available ?? AvailableThere,
            IsHint = word.IsHint,
        };

    /// <summary>Whether the holder has to look at its store before it answers: an activation that has been overtaken and writes nothing
    /// would go on saying what was true once. In what a sweep says.</summary>
    [Id(21)]
    public bool WantsProof { get; init; }

    /// <summary>The mark of the defaults that a tenant inherits, in the answer to one that asks; 0 in any other.</summary>
    [Id(23)]
    public long InheritedMark { get; init; }

    /// <summary>These defaults; null where it has them already.</summary>
    [Id(24)]
    public InheritedDefaults? Inherited { get; init; }

    /// <summary>Since when the oldest waits for whom the recall is made: whoever waits for less long keeps nothing of what lies
    /// idle.</summary>
    [Id(25)]
    public DateTimeOffset RecallSince { get; init; }
}

/// <summary>What a parent is to a holder.</summary>
public enum ParentState : byte
{
    /// <summary>It has a row for the holder.</summary>
    Known = 0,

    /// <summary>The parent lives, and has no row: report from the first entry on.</summary>
    NoRow = 1,

    /// <summary>This life of the parent is no more.</summary>
    Gone = 2,
}
