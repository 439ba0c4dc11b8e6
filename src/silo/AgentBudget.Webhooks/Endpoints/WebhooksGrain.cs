using AgentBudget.Webhooks.Addresses;
using Orleans.Concurrency;

namespace AgentBudget.Webhooks.Endpoints;

/// <summary>The list of endpoints; holds nothing, and so is in each silo as often as it is asked.</summary>
[StatelessWorker, Reentrant, GrainType("agentbudget.webhooks")]
internal sealed class WebhooksGrain(WebhookServices services) : Grain, IWebhooks, IIncomingGrainCallFilter
{
    private const string IdPrefix = "wh_";

    public async Task<WebhookAnswer> SetAsync(WebhookSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        settings.Validate();
        EndpointAddress.Parse(settings.Url, services.Options.AllowInsecureAddresses);
        var known = await EndpointRows.ReadAllAsync(services.Store, CancellationToken.None);
        var id = settings.Id ?? IdPrefix + Guid.CreateVersion7(services.Clock.Time.GetUtcNow()).ToString("N");
        // Two who add the last ones at once may both: a few more do no harm.
        if (known.Count >= EndpointRows.MostEndpoints && known.All(endpoint => endpoint.Id != id))
            throw new ArgumentException($"There are {EndpointRows.MostEndpoints} webhook endpoints; remove one that is no more.");
        return await GrainFactory.GetGrain<IWebhook>(id).SetAsync(settings with { Id = id });
    }

    public async Task<IReadOnlyList<WebhookEndpoint>> ListAsync(TenantPath? within)
    {
        var known = await EndpointRows.ReadAllAsync(services.Store, CancellationToken.None);
        var asked = known.Where(endpoint => within is null || endpoint.Filter.Tenant?.IsWithin(within) == true);
        return await Task.WhenAll(asked.Select(endpoint => GrainFactory.GetGrain<IWebhook>(endpoint.Id).FindAsync()));
    }

    public Task Invoke(IIncomingGrainCallContext context) => StoreErrors.TranslateAsync(context);
}
