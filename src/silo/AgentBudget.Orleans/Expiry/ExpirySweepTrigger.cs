using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentBudget.Orleans.Expiry;

/// <summary>Calls the sweep at its interval from every silo, so that it goes on wherever its grain lives.</summary>
internal sealed class ExpirySweepTrigger(
    IGrainFactory grains,
    IOptions<AgentBudgetOptions> options,
    TimeProvider time,
    ILogger<ExpirySweepTrigger> logger
) : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private readonly QuietLogger log = new(logger);
    private readonly CancellationTokenSource stopping = new();
    private Task loop = Task.CompletedTask;

    public void Participate(ISiloLifecycle observer)
    {
        if (options.Value.SweepEnabled)
            observer.Subscribe(nameof(ExpirySweepTrigger), ServiceLifecycleStage.Active, Start, StopAsync);
    }

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

    public void Dispose() => stopping.Dispose();

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(options.Value.SweepInterval, time);
        try
        {
            // Once at start: what became due while no silo ran is not left for another interval.
            do await SweepAsync();
            while (await timer.WaitForNextTickAsync(stopping.Token));
        }
        catch (OperationCanceledException) { }
    }

    private async Task SweepAsync()
    {
        try
        {
            await grains.GetGrain<IExpirySweep>(0).SweepAsync().WaitAsync(stopping.Token);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            ExpiryLog.SweepFailed(log, exception);
        }
    }
}
