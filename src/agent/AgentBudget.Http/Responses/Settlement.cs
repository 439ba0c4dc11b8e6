using Microsoft.Extensions.Logging;

namespace AgentBudget.Http.Responses;

/// <summary>Ends a call whose answer is there already, and has to reach its reader.</summary>
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
            HttpLog.Uncosted(logger, exception);
        }
        catch (AgentBudgetException exception)
        {
            HttpLog.NotSettled(logger, exception);
        }
    }

    /// <summary>Waits for what has no way but asynchronous, on behalf of a caller that has none.</summary>
    public static T Wait<T>(Func<Task<T>> run) => Task.Run(run).GetAwaiter().GetResult();

    public static void Wait(Func<Task> run) => Task.Run(run).GetAwaiter().GetResult();
}
