using AgentBudget.Pricing.Import.Updating;
using AgentBudget.Server.Hosting;
using AgentBudget.Server.Settings;
using Microsoft.Extensions.Options;

namespace AgentBudget.Server.Prices;

/// <summary>Brings the server's folder of prices up to date, at its start and then every so often; what goes wrong is logged and changes
/// nothing.</summary>
internal sealed class PriceUpdates(IOptions<AgentBudgetOptions> options, TimeProvider time, ILogger<PriceUpdates> logger)
    : BackgroundService
{
    private readonly QuietLogger log = new(logger);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var prices = options.Value.Prices;
        if (prices.UpdateEvery == TimeSpan.Zero)
            return;
        using var timer = new PeriodicTimer(prices.UpdateEvery, time);
        do await UpdateAsync(prices, stoppingToken);
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>Updates once.</summary>
    internal async Task UpdateAsync(LivePricesOptions prices, CancellationToken cancellationToken)
    {
        try
        {
            var update = await PriceUpdate.FetchAsync(prices.Path!, Collections(prices), [], time, cancellationToken);
            var refused = update.Refused.Select(change => change.Reason).ToArray();
            if (refused.Length > 0)
                ServerLog.PricesNotUpdated(
                    log,
                    $"{string.Join("; ", refused)}. Look at it, and let it through with agentbudget pricing update --to {prices.Path} "
                        + "--allow MODEL."
                );
            else
                ServerLog.PricesUpdated(log, update.Providers.Sum(provider => provider.Changes.Count), update.Write(), update.Version);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // Whatever it is, a server does not end for it: the prices that it has stay.
            ServerLog.PricesNotUpdated(log, exception.Message);
        }
    }

    /// <summary>What is wrong with the addresses of the collections, each with the collection's name before it.</summary>
    public static IEnumerable<string> FindProblems(LivePricesOptions prices)
    {
        foreach (var (name, address) in prices.UpdateFrom)
        {
            if (ServerSettings.ProblemOf(() => new PriceCollections().Set(name, address)) is { } problem)
                yield return $"{name}: {problem}";
        }
    }

    private static PriceCollections Collections(LivePricesOptions prices)
    {
        var collections = new PriceCollections();
        foreach (var (name, address) in prices.UpdateFrom)
            collections.Set(name, address);
        return collections;
    }
}
