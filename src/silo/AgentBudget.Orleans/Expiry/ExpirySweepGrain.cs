using AgentBudget.Orleans.Between;
using AgentBudget.Orleans.Feed;
using AgentBudget.Orleans.Storage;
using Microsoft.Extensions.Logging;

namespace AgentBudget.Orleans.Expiry;

/// <summary>
/// Wakes sessions whose due time has come: expired reservations, idle sessions, unfinished business between parent and child, ended
/// sessions past their retention. One in the cluster; what it finds is in the store, so nothing is missed when it moves or dies.
/// </summary>
[GrainType("agentbudget.expiry-sweep")]
internal sealed class ExpirySweepGrain(
    ILedgerStore store,
    FeedUpkeep feed,
    RetentionWatch watch,
    LedgerClock clock,
    ILogger<ExpirySweepGrain> logger
) : Grain, IExpirySweep
{
    private const int PageSize = 256;
    private const int SessionsAtOnce = 32;

    private readonly QuietLogger log = new(logger);

    public async Task<int> SweepAsync()
    {
        var woken = 0;
        var failed = 0;
        var now = clock.Time.GetUtcNow();
        while (true)
        {
            var due = await store.FindDueAsync(now, failed, PageSize, CancellationToken.None);
            foreach (var some in due.Chunk(SessionsAtOnce))
            {
                var tended = await Task.WhenAll(some.Select(TryTendAsync));
                woken += tended.Count(succeeded => succeeded);
                // They stay due; without passing over them they would keep the sweep from all others.
                failed += tended.Count(succeeded => !succeeded);
            }

            if (due.Count < PageSize)
                break;
        }

        await TryTrimFeedAsync(now);
        if (woken + failed > 0)
            ExpiryLog.Swept(log, woken, failed);
        return woken;
    }

    private async Task TryTrimFeedAsync(DateTimeOffset now)
    {
        try
        {
            await watch.LookAsync(now, CancellationToken.None);
            await feed.TrimAsync(now, CancellationToken.None);
        }
        catch (Exception exception)
        {
            ExpiryLog.TrimFailed(log, exception);
        }
    }

    private async Task<bool> TryTendAsync(string sessionId)
    {
        try
        {
            await LedgerGrains.Of<ISessionUpkeep>(GrainFactory, sessionId).TendAsync();
            return true;
        }
        catch (Exception exception)
        {
            ExpiryLog.TendFailed(log, exception);
            return false;
        }
    }
}
