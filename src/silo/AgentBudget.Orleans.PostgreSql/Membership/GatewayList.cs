using Orleans.Messaging;

namespace AgentBudget.Orleans.PostgreSql.Membership;

/// <summary>Makes the tables of the membership before a client looks for gateways in them.</summary>
internal sealed class GatewayList(IGatewayListProvider inner, MembershipDatabase database) : IGatewayListProvider
{
    public TimeSpan MaxStaleness => inner.MaxStaleness;

    // Nobody asks any more; Orleans takes every list for one that changes.
    public bool IsUpdatable => true;

    public async Task InitializeGatewayListProvider()
    {
        await database.StartAsync(CancellationToken.None);
        await inner.InitializeGatewayListProvider();
    }

    public Task<IList<Uri>> GetGateways() => inner.GetGateways();
}
