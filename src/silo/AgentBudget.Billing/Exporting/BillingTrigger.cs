using AgentBudget.Orleans.Hosting;

namespace AgentBudget.Billing.Exporting;

/// <summary>Wakes every export from every silo, at the start and again and again, so that each is sent wherever its grain lives.</summary>
internal sealed class BillingTrigger(IGrainFactory grains, BillingServices services, TimeProvider time) : SiloLoop(time)
{
    protected override bool IsEnabled => services.Options is { Enabled: true, Exports.Count: > 0 };

    protected override TimeSpan Interval => TimeSpan.FromSeconds(15);

    protected override Task WorkAsync(CancellationToken cancellationToken)
    {
        var woken = services.Options.Exports.Select(export => grains.GetGrain<IBillingExport>(export.Name).WakeAsync());
        return Task.WhenAll(woken).WaitAsync(cancellationToken);
    }

    protected override void SayFailed(Exception exception) => BillingLog.WakeFailed(services.Log, exception);
}
