using AgentBudget.Orleans.Hosting;
using AgentBudget.Orleans.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentBudget.Webhooks.Endpoints;

/// <summary>Wakes every endpoint from every silo, at the start and again and again, so that each is delivered wherever its grain
/// lives.</summary>
internal sealed class WebhookTrigger(
    IGrainFactory grains,
    ILedgerStore store,
    IOptions<WebhooksOptions> options,
    TimeProvider time,
    ILogger<WebhookTrigger> logger
) : SiloLoop(time)
{
    private readonly QuietLogger log = new(logger);

    protected override bool IsEnabled => options.Value.DeliveryEnabled;

    protected override TimeSpan Interval => TimeSpan.FromSeconds(15);

    protected override async Task WorkAsync(CancellationToken cancellationToken)
    {
        var endpoints = await EndpointRows.ReadAllAsync(store, cancellationToken);
        // Those that nothing is posted to are woken by whoever resumes them.
        var active = endpoints.Where(endpoint => endpoint.State == WebhookState.Active);
        await Task.WhenAll(active.Select(endpoint => grains.GetGrain<IWebhook>(endpoint.Id).WakeAsync())).WaitAsync(cancellationToken);
    }

    protected override void SayFailed(Exception exception) => WebhooksLog.WakeFailed(log, exception);
}
