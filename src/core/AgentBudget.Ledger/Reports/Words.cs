using System.Text.Json;

namespace AgentBudget;

/// <summary>The words that stand for states and reasons in reports, events and on the command line.</summary>
public static class Words
{
    /// <summary>The word for why a breaker opened; null for none.</summary>
    public static string? Of(OpenReason reason) =>
        reason switch
        {
            OpenReason.None => null,
            OpenReason.BudgetExhausted => "budget_exhausted",
            OpenReason.LoopDetected => "loop_detected",
            OpenReason.TenantExhausted => "tenant_exhausted",
            _ => Snake(reason),
        };

    /// <summary>The word in <c>terminated_by</c> for why a session ended; null while it runs and when its owner closed it.</summary>
    public static string? Of(EndReason reason) => reason is EndReason.None or EndReason.Closed ? null : Snake(reason);

    /// <summary>The word for a kind of entry.</summary>
    public static string Of(EntryKind kind) => Snake(kind);

    /// <summary>The word for a refusal.</summary>
    public static string Of(RefusalReason reason) => Snake(reason);

    /// <summary>The word for a state of the breaker.</summary>
    public static string Of(BreakerState state) => Snake(state);

    /// <summary>The word for a kind of child.</summary>
    public static string Of(ChildKind kind) => Snake(kind);

    /// <summary>The word for a mode.</summary>
    public static string Of(SessionMode mode) => Snake(mode);

    /// <summary>The word for where a cost comes from.</summary>
    public static string Of(CostSource source) => Snake(source);

    /// <summary>The word for a loop rule.</summary>
    public static string Of(LoopKind kind) => Snake(kind);

    /// <summary>The word for what a loop rule does.</summary>
    public static string Of(LoopAction action) => Snake(action);

    /// <summary>The word for who pauses or resumes; where both do, for both.</summary>
    public static string Of(PauseSources source) =>
        source == (PauseSources.Operator | PauseSources.Parent) ? "operator_and_parent" : Snake(source);

    /// <summary>The word for the stretch of time of a limit.</summary>
    public static string Of(WindowKind kind) => Snake(kind);

    /// <summary>The word for what spend is told apart by.</summary>
    public static string Of(SpendBy by) => Snake(by);

    private static string Snake<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
