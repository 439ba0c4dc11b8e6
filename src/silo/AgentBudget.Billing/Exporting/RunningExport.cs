namespace AgentBudget.Billing.Exporting;

/// <summary>An export under way, until it is stopped. Where the ledger or its store is away, it begins again.</summary>
internal sealed class RunningExport : IAsyncDisposable
{
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);

    private readonly BillingServices services;
    private readonly BillingExportOptions export;
    private readonly CancellationTokenSource stopping = new();
    private Task running = Task.CompletedTask;
    private bool withDoubtful;

    private RunningExport(BillingServices services, BillingExportOptions export, bool withDoubtful) =>
        (this.services, this.export, this.withDoubtful) = (services, export, withDoubtful);

    /// <summary>Whether it has come to its end.</summary>
    public bool IsOver => running.IsCompleted;

    /// <summary>Starts one.</summary>
    public static RunningExport Start(BillingServices services, BillingExportOptions export, bool withDoubtful)
    {
        var started = new RunningExport(services, export, withDoubtful);
        if (services.Options.Enabled)
            started.running = Task.Run(started.RunAsync, CancellationToken.None);
        return started;
    }

    /// <summary>What is under way is given up: it is sent again, under the same ids.</summary>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await running;
        stopping.Dispose();
    }

    private async Task RunAsync()
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await using var sink = services.SinkOf(export);
                var exporter = new BillingExporter(services.PartsOf(export, sink));
                await exporter.BeginAsync(withDoubtful, stopping.Token);
                withDoubtful = false;
                await exporter.FollowAsync(services.Options.PollInterval, stopping.Token);
            }
            catch (Exception) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                BillingLog.StepFailed(services.Log, exception, export.Name);
                await Task.Delay(Rest, services.Time, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
