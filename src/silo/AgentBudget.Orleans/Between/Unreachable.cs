namespace AgentBudget.Orleans.Between;

/// <summary>What it means that another ledger cannot be reached now: it is told later.</summary>
internal static class Unreachable
{
    public static bool Is(Exception exception) =>
        exception is BudgetUnavailableException or TimeoutException or OrleansException or OperationCanceledException;
}
