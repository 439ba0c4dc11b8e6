using System.Net;
using AgentBudget.Orleans.Feed;
using AgentBudget.Orleans.Storage;
using AgentBudget.Webhooks.Addresses;
using AgentBudget.Webhooks.Sending;
using AgentBudget.Webhooks.Signing;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentBudget.Webhooks;

/// <summary>What endpoints are delivered with, one a silo.</summary>
internal sealed class WebhookServices : IDisposable
{
    private readonly PinnedConnections connections;

    public WebhookServices(
        ILedgerStore store,
        EventReader reader,
        FeedUpkeep feed,
        LedgerClock clock,
        LedgerMetrics metrics,
        IOptions<WebhooksOptions> options,
        ILogger<WebhookServices> logger,
        IDataProtectionProvider? keysOfHost = null
    )
    {
        (Store, Reader, Feed, Clock, Metrics, Options) = (store, reader, feed, clock, metrics, options.Value);
        Log = new QuietLogger(logger);
        Keeper = new SecretKeeper(Options, keysOfHost);
        connections = new PinnedConnections(Dns.GetHostAddressesAsync, Options.AllowInsecureAddresses);
    }

    public ILedgerStore Store { get; }

    public EventReader Reader { get; }

    public FeedUpkeep Feed { get; }

    public LedgerClock Clock { get; }

    public LedgerMetrics Metrics { get; }

    public WebhooksOptions Options { get; }

    public ILogger Log { get; }

    public SecretKeeper Keeper { get; }

    /// <summary>Makes what posts to one endpoint.</summary>
    /// <param name="atOnce">How many posts may be under way.</param>
    public PostSender NewSender(int atOnce) => new(connections, Clock.Time, Options.Timeout, atOnce);

    public void Dispose() => Keeper.Dispose();
}
