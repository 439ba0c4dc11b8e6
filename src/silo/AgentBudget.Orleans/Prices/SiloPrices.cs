using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentBudget.Orleans.Prices;

/// <summary>
/// The prices of a silo: the layers of <see cref="AgentBudgetOptions.Prices"/>, which it follows while it runs. The embedded table alone
/// is loaded when it is first asked for, because many silos never price anything.
/// </summary>
public sealed class SiloPrices : IPriceBookSource, IDisposable
{
    private readonly LivePrices? live;

    /// <summary>Reads the layers.</summary>
    /// <exception cref="PriceTableException">The user's price files are not valid.</exception>
    /// <exception cref="IOException">The user's price files cannot be read.</exception>
    public SiloPrices(IOptions<AgentBudgetOptions> options, ILogger<SiloPrices> logger, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        var log = new QuietLogger(logger);
        if (options.Value.Prices.HasLayers)
            live = new LivePrices(
                options.Value.Prices,
                reload => PricesLog.Reloaded(log, reload),
                time,
                failure => PricesLog.CallbackFailed(log, failure)
            );
    }

    /// <summary>The prices of models in force now.</summary>
    public PriceBook Current => live?.Current ?? PriceBook.Embedded;

    /// <summary>The day of the newest source of the prices in force now, of those whose day has come.</summary>
    internal DateOnly NewestDayAt(DateTimeOffset now) => live?.Current.NewestDayAt(now) ?? PriceBook.EmbeddedDay;

    /// <summary>The prices of tools in force now, for clients in the same process.</summary>
    public ToolCosts Tools => live?.Tools ?? ToolCosts.None;

    /// <summary>Looks at the user's files now, whether or not it is time.</summary>
    /// <returns>What came of it; null when nothing has changed, or when there are no files.</returns>
    public PriceReload? Look() => live?.Look();

    /// <summary>Stops following the files.</summary>
    public void Dispose() => live?.Dispose();
}
