using System.Net.Sockets;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Messaging;

namespace AgentBudget.Client.Hosting;

/// <summary>Gives Orleans the gateways that the options name, looked up anew each time it asks.</summary>
internal sealed class NamedGateways(IOptions<AgentBudgetConnectionOptions> connection, IOptions<GatewayOptions> gateways)
    : IGatewayListProvider
{
    private static readonly TimeSpan LookUpWithin = TimeSpan.FromSeconds(5);

    public TimeSpan MaxStaleness => gateways.Value.GatewayListRefreshPeriod;

    public bool IsUpdatable => true;

    public Task InitializeGatewayListProvider() => Task.CompletedTask;

    public async Task<IList<Uri>> GetGateways()
    {
        using var timeout = new CancellationTokenSource(LookUpWithin);
        var found = await Task.WhenAll(connection.Value.Gateways.Select(text => FindAsync(text, timeout.Token)));
        return [.. found.SelectMany(uris => uris).Distinct()];
    }

    // A name that is not known now may be of a server that is being restarted; the others are used meanwhile.
    private static async Task<IEnumerable<Uri>> FindAsync(string text, CancellationToken cancellationToken)
    {
        if (!GatewayAddress.TryParse(text, out var address))
            return [];
        try
        {
            return (await address.ResolveAsync(cancellationToken)).Select(endpoint => new Uri($"gwy.tcp://{endpoint}/0"));
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException)
        {
            return [];
        }
    }
}
