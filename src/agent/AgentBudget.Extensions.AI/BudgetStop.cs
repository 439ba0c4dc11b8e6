namespace AgentBudget;

/// <summary>How a budget ended a turn.</summary>
public enum BudgetStopKind
{
    /// <summary>The budget is exhausted: this was the last answer, without tools, from the finalization reserve.</summary>
    LastAnswer = 0,

    /// <summary>The answer is cut where the money ended: its cap was lowered to what was left, or its stream was ended in
    /// order.</summary>
    OutputCut = 1,

    /// <summary>A tool was refused, and the turn ended with it: the model was not called again.</summary>
    ToolRefused = 2,
}

/// <summary>That a budget ended a turn, and why.</summary>
/// <param name="Kind">How.</param>
/// <param name="Reason">Why, in the words of refusals, such as <c>budget_exhausted</c> or <c>loop_detected</c>.</param>
public sealed record BudgetStop(BudgetStopKind Kind, string Reason)
{
    internal static readonly BudgetStop OfOutput = new(BudgetStopKind.OutputCut, Words.Of(RefusalReason.BudgetExhausted));
}
