namespace AgentBudget.Client.Sessions;

/// <summary>Brings the session back that was the current one before, once.</summary>
internal sealed class EnteredSession(BudgetSession? outer, Action<BudgetSession?> enter) : IDisposable
{
    private bool isOver;

    public void Dispose()
    {
        if (isOver)
            return;
        isOver = true;
        enter(outer);
    }
}
