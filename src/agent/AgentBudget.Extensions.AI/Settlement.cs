using Microsoft.Extensions.Logging;

namespace AgentBudget.Extensions.AI;

/// <summary>Ends a call whose answer is there already, and has to reach its caller.</summary>
internal static class Settlement
{
    public static async Task RunAsync(Func<Task> end, ILogger logger)
    {
        try
        {
            await end();
        }
        catch (UncostedCallException exception)
        {
            ChatLog.Uncosted(logger, exception);
        }
        catch (AgentBudgetException exception)
        {
            ChatLog.NotSettled(logger, exception);
        }
    }
}
