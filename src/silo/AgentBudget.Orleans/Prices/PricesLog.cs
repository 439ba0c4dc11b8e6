using Microsoft.Extensions.Logging;

namespace AgentBudget.Orleans.Prices;

/// <summary>What a silo logs of its prices. Ids 1500 to 1599.</summary>
internal static partial class PricesLog
{
    public static void Reloaded(ILogger logger, PriceReload reload)
    {
        if (reload.IsTaken)
            PricesTaken(logger, reload.Version);
        else
            PricesKept(logger, string.Join(" ", reload.Problems), reload.Version);
    }

    [LoggerMessage(1500, LogLevel.Information, "The price files have changed; version {Version} is in force.")]
    private static partial void PricesTaken(ILogger logger, string version);

    [LoggerMessage(1501, LogLevel.Error, "The price files have changed and are not valid: {Problems} Version {Version} stays in force.")]
    private static partial void PricesKept(ILogger logger, string problems, string version);

    [LoggerMessage(
        1503,
        LogLevel.Warning,
        "The prices are stale: their newest source is of {Day}, {Days} days ago. Bring them up to date with \"agentbudget pricing "
            + "update\", and name its "
            + "folder in AgentBudget:Prices:Path, or install a newer version. AgentBudget:Prices:StaleAfter says how old they may be."
    )]
    public static partial void PricesAreStale(ILogger logger, string day, int days);

    [LoggerMessage(1502, LogLevel.Error, "The callback OnReload of the prices threw; the prices are what they are without it.")]
    public static partial void CallbackFailed(ILogger logger, Exception exception);
}
