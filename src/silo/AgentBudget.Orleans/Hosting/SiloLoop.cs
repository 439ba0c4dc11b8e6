namespace AgentBudget.Orleans.Hosting;

/// <summary>
/// Work that every silo begins when it has started, and does again and again until it stops: the first time at once, so that what became
/// due while no silo ran is not left for an interval.
/// </summary>
internal abstract class SiloLoop(TimeProvider time) : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private Task loop = Task.CompletedTask;

    /// <summary>Whether this silo does it.</summary>
    protected abstract bool IsEnabled { get; }

    /// <summary>From the end of one time to the next.</summary>
    protected abstract TimeSpan Interval { get; }

    /// <summary>Does it once.</summary>
    protected abstract Task WorkAsync(CancellationToken cancellationToken);

    /// <summary>Says that it failed; it is done again at the next interval.</summary>
    protected abstract void SayFailed(Exception exception);

    public void Participate(ISiloLifecycle observer)
    {
        if (IsEnabled)
            observer.Subscribe(GetType().Name, ServiceLifecycleStage.Active, Start, StopAsync);
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
            do await OnceAsync();
            while (await timer.WaitForNextTickAsync(stopping.Token));
        }
        catch (OperationCanceledException) { }
    }

    private async Task OnceAsync()
    {
        try
        {
            await WorkAsync(stopping.Token);
        }
        // A call that is cancelled by whoever was to take it is a failure like any other.
        catch (Exception exception) when (!stopping.IsCancellationRequested)
        {
            SayFailed(exception);
        }
    }
}
