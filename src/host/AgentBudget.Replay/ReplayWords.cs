namespace AgentBudget;

/// <summary>The words for what a replay and a search for loops say, as JSON, tables and command lines have them.</summary>
public static class ReplayWords
{
    /// <summary>The word for how calls meet the budget.</summary>
    public static string Of(ReplayMode mode) => mode == ReplayMode.Charge ? "charge" : "reserve";

    /// <summary>The word for what came of a search for loops.</summary>
    public static string Of(LoopVerdict verdict) =>
        verdict switch
        {
            LoopVerdict.Tripped => "tripped",
            LoopVerdict.Warned => "warned",
            _ => "none",
        };
}
