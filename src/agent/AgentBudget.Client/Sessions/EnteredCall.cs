namespace AgentBudget.Client.Sessions;

/// <summary>Ends the stretch in which requests are attempts of a call, once.</summary>
internal sealed class EnteredCall(CallAttempts attempts, BudgetedCall? outer, Action<BudgetedCall?> enter) : IDisposable
{
    private int isOver;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref isOver, 1) != 0)
            return;
        attempts.Exit();
        enter(outer);
    }
}
