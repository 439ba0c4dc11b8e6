namespace AgentBudget.Orleans.Between;

/// <summary>
/// What it means that another ledger cannot be asked now: it is told later. One that is damaged is no other case; what it throws must not
/// keep the rest from being told.
/// </summary>
internal static class Unreachable
{
    public static bool Is(Exception exception) =>
        exception is AgentBudgetException or TimeoutException or OrleansException or OperationCanceledException;
}
