using AgentBudget.Orleans.Storage;

namespace AgentBudget.Orleans.Writing;

/// <summary>
/// Starts the store and the writer before the silo takes calls, and stops the writer after its activations have drained: an answer
/// that waits for the disk is still given.
/// </summary>
internal sealed class LedgerLifecycle(ILedgerStore store, LedgerWriter writer, LedgerMetrics metrics)
    : ILifecycleParticipant<ISiloLifecycle>
{
    public void Participate(ISiloLifecycle observer) =>
        observer.Subscribe(nameof(LedgerLifecycle), ServiceLifecycleStage.RuntimeServices - 1, StartAsync, _ => writer.StopAsync());

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        await store.StartAsync(cancellationToken);
        metrics.Observe(writer);
        writer.Start();
    }
}
