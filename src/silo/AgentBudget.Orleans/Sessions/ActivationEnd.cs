namespace AgentBudget.Orleans.Sessions;

/// <summary>
/// How an activation ends before its time. It has to wait for all calls that it has begun, and some of them may be waiting for another
/// session or for a stop; those would hold up all others, so they go.
/// </summary>
/// <param name="activation">The activation; null where a session is served without one.</param>
internal sealed class ActivationEnd(IGrainContext? activation)
{
    private TaskCompletionSource? begun;

    /// <summary>Ends when the activation begins to end.</summary>
    public Task Begun => (begun ??= NewSignal()).Task;

    /// <summary>Ends the activation when its calls have ended.</summary>
    public void Begin()
    {
        (begun ??= NewSignal()).TrySetResult();
        activation?.Deactivate(
            new DeactivationReason(DeactivationReasonCode.ApplicationRequested, "The session is served elsewhere, or anew.")
        );
    }

    /// <summary>The activation has ended: whoever speaks for it in the background stops.</summary>
    public void Ended() => (begun ??= NewSignal()).TrySetResult();

    /// <summary>Waits for what was asked of another session, but not when this activation ends: then whether that has happened is
    /// unknown.</summary>
    /// <exception cref="BudgetUnavailableException">This activation ends.</exception>
    public async Task<T> UnlessBegunAsync<T>(Task<T> asked)
    {
        if (await Task.WhenAny(asked, Begun) == asked)
            return await asked;
        asked.Ignore();
        throw new BudgetUnavailableException("The session moves to another activation; send the operation again with the same key.");
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
