namespace AgentBudget;

/// <summary>The answer to an operation: what was granted or recorded, or why not, and where the session stands.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.answer")]
public sealed record SessionAnswer
{
    /// <summary>Money and state after the operation. The sequence says how fresh it is.</summary>
    [Id(0)]
    public Standing Standing { get; init; }

    /// <summary>The entry that the operation wrote; 0 for a refusal.</summary>
    [Id(1)]
    public long EntrySequence { get; init; }

    /// <summary>Why it was refused; null when it was not.</summary>
    [Id(2)]
    public Refusal? Refusal { get; init; }

    /// <summary>What was granted, recorded or moved.</summary>
    [Id(3)]
    public Money Amount { get; init; }

    /// <summary>When the reservation expires; for reservations only.</summary>
    [Id(4)]
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>What the operation caused.</summary>
    [Id(5)]
    public EntrySignals Signals { get; init; }

    /// <summary>Which soft limits it crossed: bit i stands for the i-th of the session's options.</summary>
    [Id(6)]
    public int SoftLimitsCrossed { get; init; }

    /// <summary>In observe mode: why it would have been refused; none otherwise.</summary>
    [Id(7)]
    public RefusalReason WouldRefuse { get; init; }

    /// <summary>What the sense of loops found, when the call was granted or recorded all the same.</summary>
    [Id(8)]
    public LoopEvidence? Loop { get; init; }

    /// <summary>Whether this answer was given before, for the same idempotency key.</summary>
    [Id(9)]
    public bool IsReplay { get; init; }

    /// <summary>Whether it was so already, as when a paused session is paused, or one is opened again with the same options: nothing was
    /// written, and no idempotency key is bound. Not a replay: the answer says how the session stands now.</summary>
    [Id(11)]
    public bool IsUnchanged { get; init; }

    /// <summary>After a pause, a stop or a resume: how many of those that have money of it, at all levels, have not been reached in time;
    /// they hear of it later.</summary>
    [Id(10)]
    public int ChildrenNotReached { get; init; }

    /// <summary>After a pause, a stop or a resume: how many of them have written it. Nothing is authorised by them after this
    /// answer.</summary>
    [Id(12)]
    public int ChildrenTold { get; init; }

    /// <summary>After an opening: what holds for unknown models, which the tenant may have filled in; null in any other answer.</summary>
    [Id(13)]
    public UnknownModelPolicy? UnknownModels { get; init; }

    /// <summary>Whether the operation did what was asked.</summary>
    public bool IsGranted => Refusal is null;

    /// <summary>The number by which a reservation is settled, released or extended: the sequence of its entry.</summary>
    public long ReservationId => EntrySequence;

    /// <summary>The answer that an entry stands for; a replay reads it from the timeline.</summary>
    public static SessionAnswer Of(Entry entry, bool isReplay = false) =>
        new()
        {
            Standing = entry.After,
            EntrySequence = entry.Sequence,
            Amount = entry.Amount,
            ExpiresAt = entry.ExpiresAt,
            Signals = entry.Signals,
            SoftLimitsCrossed = entry.SoftLimitsCrossed,
            WouldRefuse = entry.WouldRefuse,
            Loop = entry.Loop,
            IsReplay = isReplay,
            UnknownModels = entry.Options?.UnknownModels,
        };
}
