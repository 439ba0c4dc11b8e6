namespace AgentBudget.Webhooks.Endpoints;

/// <summary>A store's exception cannot be sent to another process: the connection fails with it, and all that travels there.</summary>
internal static class StoreErrors
{
    public static async Task TranslateAsync(IIncomingGrainCallContext context)
    {
        try
        {
            await context.Invoke();
        }
        catch (LedgerStoreUnavailableException exception)
        {
            throw new BudgetUnavailableException($"Webhooks could not be read or written: {exception.Message}");
        }
    }
}
