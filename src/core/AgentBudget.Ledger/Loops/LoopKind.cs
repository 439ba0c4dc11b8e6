namespace AgentBudget;

/// <summary>Which rule found a loop. The numbers stand in stored timelines and never change.</summary>
public enum LoopKind : byte
{
    /// <summary>Similar calls within a time window: <see cref="LoopPolicy.Rule"/>.</summary>
    Window = 0,

    /// <summary>The same call in a row.</summary>
    Row = 1,

    /// <summary>The same call with the same result, k of the last n.</summary>
    Repeat = 2,

    /// <summary>A cycle of 2 to 12 calls, round after round.</summary>
    Cycle = 3,

    /// <summary>Calls in a row that were all made before and got what they got before.</summary>
    Stall = 4,

    /// <summary>One tool, changing arguments, always the same result.</summary>
    SameResult = 5,

    /// <summary>One tool, changing arguments, always the same failure.</summary>
    SameFailure = 6,

    /// <summary>Model calls in a row without a tool call.</summary>
    ModelOnly = 7,

    /// <summary>More calls or dollars in a time window than the ceiling allows.</summary>
    Rate = 8,

    /// <summary>A large share of the session's budget within a time.</summary>
    Spend = 9,

    /// <summary>The same call in a row, its results the same but for their numbers.</summary>
    CounterRow = 10,
}
