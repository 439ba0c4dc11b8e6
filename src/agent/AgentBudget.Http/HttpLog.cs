using Microsoft.Extensions.Logging;

namespace AgentBudget.Http;

/// <summary>What the handler logs. Ids 1800 to 1899. No addresses, bodies or session ids.</summary>
internal static partial class HttpLog
{
    [LoggerMessage(
        1800,
        LogLevel.Warning,
        "A call to a model was made that no session pays for. Enter a session (BudgetSession.Enter), or name one on the request; with "
            + "RequireSession such calls are refused. This is said once; agentbudget.http.unbudgeted counts them."
    )]
    public static partial void NoSession(ILogger logger);

    [LoggerMessage(
        1801,
        LogLevel.Warning,
        "A call to a provider of models was made whose cost cannot be read off it (a batch, training, a film, a body that is packed or not "
            + "known, or one that names no model), so that no money was set aside for it; with RequireSession such calls are refused. This "
            + "is said once; agentbudget.http.unbudgeted counts them."
    )]
    public static partial void NotRead(ILogger logger);

    [LoggerMessage(
        1802,
        LogLevel.Warning,
        "The money of a call that is made in the background cannot be kept until its response is asked for: it has no id that can be kept, "
            + "or too many are waited for. All that was set aside for it counts as spent."
    )]
    public static partial void NotKept(ILogger logger);

    [LoggerMessage(
        1803,
        LogLevel.Information,
        "A host refuses streams that are told to say what they used, and is not asked any more: its streams are settled at the most that "
            + "they can have used. This is said once for each host."
    )]
    public static partial void UsageRefused(ILogger logger);
}
