using System.Text.Json.Serialization;

namespace AgentBudget.Mcp;

/// <summary>Where a session stands. Amounts are decimal strings of US dollars.</summary>
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
            standing.Spent.ToDecimalString(),
            standing.Reserved.ToDecimalString(),
            standing.Available.ToDecimalString(),
            report.TerminatedBy ?? (standing.IsEnded ? "closed" : "open")
        );
    }
}
