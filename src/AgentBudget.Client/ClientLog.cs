using AgentBudget.Pricing;
using Microsoft.Extensions.Logging;

namespace AgentBudget.Client;

/// <summary>What a client logs. Ids 3000 to 3099.</summary>
internal static partial class ClientLog
{
    public static void Reloaded(ILogger logger, PriceReload reload)
    {
        if (reload.IsTaken) PricesTaken(logger, reload.Version);
        else PricesKept(logger, string.Join(" ", reload.Problems), reload.Version);
    }

    [LoggerMessage(3000, LogLevel.Information, "The price files have changed; version {Version} is in force.")]
    private static partial void PricesTaken(ILogger logger, string version);

    [LoggerMessage(3001, LogLevel.Error, "The price files have changed and are not valid: {Problems} Version {Version} stays in force.")]
    private static partial void PricesKept(ILogger logger, string problems, string version);
}
