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
) : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    private readonly QuietLogger log = new(logger);
    private readonly CancellationTokenSource stopping = new();
    private Task loop = Task.CompletedTask;

    public void Participate(ISiloLifecycle observer)
    {
        if (options.Value.DeliveryEnabled)
            observer.Subscribe(nameof(WebhookTrigger), ServiceLifecycleStage.Active, Start, StopAsync);
    }

    public void Dispose() => stopping.Dispose();

    private Task Start(CancellationToken cancellationToken)
    {
        loop = Task.Run(RunAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    private async Task StopAsync(CancellationToken cancellationToken)
    {
        await stopping.CancelAsync();
        await loop;
    }

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            do await WakeAsync();
            while (await timer.WaitForNextTickAsync(stopping.Token));
        }
        catch (OperationCanceledException) { }
    }

    private async Task WakeAsync()
    {
        try
        {
            var endpoints = await EndpointRows.ReadAllAsync(store, stopping.Token);
            await Task.WhenAll(endpoints.Select(endpoint => grains.GetGrain<IWebhook>(endpoint.Id).WakeAsync())).WaitAsync(stopping.Token);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            WebhooksLog.WakeFailed(log, exception);
        }
    }
}
