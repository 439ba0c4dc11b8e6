namespace AgentBudget;

/// <summary>What the sense of loops makes of a recorded run.</summary>
public enum LoopVerdict
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The agent would have been warned, and gone on.</summary>
    Warned = 1,

    /// <summary>The breaker would have opened.</summary>
    Tripped = 2,
}

/// <summary>What the sense of loops found in a recorded run, and when.</summary>
public sealed record LoopResult
{
    /// <summary>The file, as it was named.</summary>
    public required string File { get; init; }

    /// <summary>What came of it.</summary>
    public required LoopVerdict Verdict { get; init; }

    /// <summary>
    /// The event at which it tripped, or else at which it was first warned about, from 1, the header not counted; null for none. The
    /// call that trips is not made.
    /// </summary>
    public int? AtEvent { get; init; }

    /// <summary>The event that was first warned about, also in a run that tripped later; null when none was.</summary>
    public int? WarnedAtEvent { get; init; }

    /// <summary>What was found at that event; null for none.</summary>
    public LoopEvidence? Evidence { get; init; }

    /// <summary>The events that the evidence counts, oldest first.</summary>
    public IReadOnlyList<int> Events { get; init; } = [];

    /// <summary>What had been spent before that event; all that was spent when nothing was found.</summary>
    public required Money SpentBefore { get; init; }

    /// <summary>What all priced events of the file cost.</summary>
    public required Money FullCost { get; init; }

    /// <summary>Calls that have no price; they took part at no cost.</summary>
    public required int UnpricedCalls { get; init; }

    /// <summary>How many events the file has.</summary>
    public required int EventsTotal { get; init; }

    /// <summary>The budget by which the rules of money judged; null when they were left out.</summary>
    public Money? Budget { get; init; }

    /// <summary>The event that the budget did not pay for, where the run ended without having tripped; null for none.</summary>
    public int? ExhaustedAtEvent { get; init; }
}
