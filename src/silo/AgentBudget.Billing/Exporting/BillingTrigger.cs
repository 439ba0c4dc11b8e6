namespace AgentBudget.Billing.Exporting;

/// <summary>Wakes every export from every silo, at the start and again and again, so that each is sent wherever its grain lives.</summary>
internal sealed class BillingTrigger(IGrainFactory grains, BillingServices services) : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    private readonly CancellationTokenSource stopping = new();
    private Task loop = Task.CompletedTask;

    public void Participate(ISiloLifecycle observer)
    {
        if (services.Options is { Enabled: true, Exports.Count: > 0 })
            observer.Subscribe(nameof(BillingTrigger), ServiceLifecycleStage.Active, Start, StopAsync);
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
        using var timer = new PeriodicTimer(Interval, services.Time);
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
            var woken = services.Options.Exports.Select(export => grains.GetGrain<IBillingExport>(export.Name).WakeAsync());
            await Task.WhenAll(woken).WaitAsync(stopping.Token);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            BillingLog.WakeFailed(services.Log, exception);
        }
    }
}
