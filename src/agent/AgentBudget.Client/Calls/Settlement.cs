using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace AgentBudget.Client.Calls;

/// <summary>The end of a call whose answer is there already, and has to reach its reader whatever becomes of the end.</summary>
internal static class Settlement
{
    /// <summary>Waits for the end; what fails there is logged.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public static async ValueTask WaitAsync(Task end, ILogger logger)
    {
        try
        {
            await end;
        }
        catch (AgentBudgetException exception)
        {
            Failed(exception, logger);
        }
    }

    /// <summary>Says in the log why a call could not be ended as it should.</summary>
    public static void Failed(AgentBudgetException exception, ILogger logger)
    {
        if (exception is UncostedCallException)
            ClientLog.Uncosted(logger, exception);
        else
            ClientLog.NotSettled(logger, exception);
    }
}
