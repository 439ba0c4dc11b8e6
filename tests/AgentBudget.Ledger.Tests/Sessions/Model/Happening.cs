namespace AgentBudget.Ledger.Tests;

/// <summary>One thing that happened in a session, as the naive model remembers it. Amounts are nano-dollars.</summary>
internal sealed record Happening
{
    public required EntryKind Kind { get; init; }

    public int Number { get; init; }

    public DateTimeOffset At { get; init; }

    public long Amount { get; init; }

    /// <summary>What was asked for, or had been set aside.</summary>
    public long Asked { get; init; }

    /// <summary>The fact that this one ends, prolongs or corrects.</summary>
    public int About { get; init; }

    /// <summary>The command behind it; null for what the ledger does by itself.</summary>
    public SessionCommand? Intent { get; init; }

    public Call? Call { get; init; }

    public string? Child { get; init; }

    public DateTimeOffset? Until { get; init; }

    public OpenReason Opens { get; init; }

    public bool Closes { get; init; }

    public int Soft { get; init; }

    public bool Hard { get; init; }

    public bool IsLate { get; init; }

    public bool IsFinal { get; init; }

    public RefusalReason WouldRefuse { get; init; }

    public PauseSources Who { get; init; }

    public EndReason End { get; init; }

    /// <summary>What the sense of loops found, in words.</summary>
    public string? Loop { get; init; }

    /// <summary>What was warned about; null for no warning.</summary>
    public LoopEvidence? Warning { get; init; }

    public bool IsWarning => Warning is not null;

    public bool IsConcurrent { get; init; }

    /// <summary>For a correction: whether it moves the budget, not what is spent.</summary>
    public bool MovesBudget { get; init; }

    /// <summary>Whether the hard limit was met after it.</summary>
    public bool LimitMetAfter { get; init; }

    public bool IsCall => Kind == EntryKind.Reserved || (Kind == EntryKind.Charged && About == 0);

    public EntrySignals Signals =>
        (Soft != 0 ? EntrySignals.SoftLimit : 0)
        | (Hard ? EntrySignals.HardLimit : 0)
        | (Opens != OpenReason.None ? EntrySignals.BreakerOpened : 0)
        | (Closes ? EntrySignals.BreakerClosed : 0)
        | (IsLate ? EntrySignals.Late : 0)
        | (IsFinal ? EntrySignals.Final : 0)
        | (IsWarning ? EntrySignals.LoopWarning : 0)
        | (IsConcurrent ? EntrySignals.Concurrent : 0);
}

/// <summary>What the model expects to be answered.</summary>
internal sealed record Expected
{
    public required Standing Standing { get; init; }

    public RefusalReason Refused { get; init; }

    public int Entry { get; init; }

    public long Amount { get; init; }

    public DateTimeOffset? Until { get; init; }

    public EntrySignals Signals { get; init; }

    public int Soft { get; init; }

    public RefusalReason WouldRefuse { get; init; }

    public bool IsReplay { get; init; }

    public bool IsUnchanged { get; init; }

    /// <summary>For a refusal: what an ordinary reservation could have.</summary>
    public long? Room { get; init; }

    public bool HasRetryAfter { get; init; }

    public string? Loop { get; init; }
}
