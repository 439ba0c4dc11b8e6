using AgentBudget.Orleans.Writing;

namespace AgentBudget.Server.Hosting;

/// <summary>Says in the log that the server drains, and what became of it.</summary>
internal sealed class DrainReport(ILedgerWriterStatus writer, TimeProvider time, ILogger<DrainReport> logger) : IHostedLifecycleService
{
    private readonly QuietLogger log = new(logger);
    private long started;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        ServerLog.Ready(log);
        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        started = time.GetTimestamp();
        ServerLog.Draining(log, writer.WaitingSessions);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken)
    {
        var milliseconds = (long)time.GetElapsedTime(started).TotalMilliseconds;
        if (writer.WaitingSessions == 0)
            ServerLog.Drained(log, milliseconds);
        else
            ServerLog.NotDrained(log, milliseconds, writer.WaitingSessions);
        return Task.CompletedTask;
    }
}
