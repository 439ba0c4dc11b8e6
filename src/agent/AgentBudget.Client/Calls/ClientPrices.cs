using Microsoft.Extensions.Logging;

namespace AgentBudget.Client.Calls;

/// <summary>What a client prices with: a source that it was given, or the layers that its options name, which it then follows.</summary>
internal sealed class ClientPrices : IDisposable
{
    private readonly IPriceBookSource source;
    private readonly Func<ToolCosts> tools;
    private readonly LivePrices? live;

    public ClientPrices(AgentBudgetClientOptions options, ILogger log)
    {
        if (options.PriceSource is null && options.Prices.HasLayers)
        {
            live = new LivePrices(
                options.Prices,
                reload => ClientLog.Reloaded(log, reload),
                callbackFailed: failure => ClientLog.CallbackFailed(log, failure, nameof(LivePricesOptions.OnReload))
            );
        }

        source = options.PriceSource ?? live ?? (IPriceBookSource)PriceBook.Embedded;
        tools = options.Tools ?? (live is null ? () => ToolCosts.None : () => live.Tools);
    }

    public PriceBook Current => source.Current;

    public ToolCosts Tools => tools();

    public void Dispose() => live?.Dispose();
}
