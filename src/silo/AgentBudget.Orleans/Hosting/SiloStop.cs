namespace AgentBudget.Orleans.Hosting;

/// <summary>Tells that the silo begins to stop: calls that wait in it for something end at once, so that its activations can.</summary>
internal sealed class SiloStop : ILifecycleParticipant<ISiloLifecycle>
{
    private readonly TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when the silo begins to stop.</summary>
    public Task Begun => begun.Task;

    // The last stage is the first that is stopped.
    public void Participate(ISiloLifecycle observer) =>
        observer.Subscribe(
            nameof(SiloStop),
            ServiceLifecycleStage.Last,
            _ => Task.CompletedTask,
            _ =>
            {
                Begin();
                return Task.CompletedTask;
            }
        );

    /// <summary>The silo begins to stop.</summary>
    public void Begin() => begun.TrySetResult();
}
