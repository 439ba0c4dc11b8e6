using System.Text.Json.Serialization;

namespace AgentBudget.Mcp;

/// <summary>Where a session stands, or a shared child, which has what is left of its session's money. Amounts are decimal strings of US
/// dollars.</summary>
internal sealed record BudgetStatus(
    [property: JsonPropertyName("budget")] string Budget,
    [property: JsonPropertyName("spent")] string Spent,
    [property: JsonPropertyName("reserved")] string Reserved,
    [property: JsonPropertyName("available")] string Available,
    [property: JsonPropertyName("state")] string State
)
{
    public static BudgetStatus Of(SessionReport report)
    {
        var standing = report.Standing;
        return new(
            standing.Budget.ToDecimalString(),
            report.TotalSpent.ToDecimalString(),
            report.Reserved.ToDecimalString(),
            standing.Available.ToDecimalString(),
            standing is { IsEnded: false, Breaker.State: BreakerState.Paused }
                ? "paused"
                : report.TerminatedBy ?? (standing.IsEnded ? "closed" : "open")
        );
    }
}
