namespace AgentBudget.Orleans.Between;

/// <summary>
/// One conversation in the background: goes on while there is something to say, and after a failure later and later. Whoever has news
/// begins it; those who come while it runs have it run once more.
/// </summary>
/// <param name="round">Says what is to be said; how long to wait before the next round, or null when nothing is owed.</param>
/// <param name="backOff">How long it waits after a failure, whatever is urgent.</param>
/// <param name="time">The clock.</param>
/// <param name="end">Ends when nobody is left to speak.</param>
internal sealed class Talk(Func<Task<TimeSpan?>> round, BackOff backOff, TimeProvider time, Task end)
{
    private TaskCompletionSource hurry = NewSignal();
    private bool isRunning;
    private bool isWanted;
    private bool isWaitingItOut;

    /// <summary>Whether it is under way.</summary>
    public bool IsRunning => isRunning;

    /// <summary>Begins it, or has it go on.</summary>
    /// <param name="after">How long it may wait for more news; none when it is urgent.</param>
    public void Begin(TimeSpan after)
    {
        isWanted = true;
        // Somebody else may have reached the other meanwhile.
        if (after == TimeSpan.Zero || (isWaitingItOut && backOff.Left == TimeSpan.Zero))
            hurry.TrySetResult();
        if (isRunning)
            return;
        isRunning = true;
        _ = RunAsync(after);
    }

    private async Task RunAsync(TimeSpan delay)
    {
        try
        {
            while (isWanted && await WaitAsync(delay))
            {
                isWanted = false;
                try
                {
                    delay = await round() is { } next ? Again(next) : TimeSpan.Zero;
                    backOff.Succeeded();
                }
                catch (Exception exception) when (Unreachable.Is(exception))
                {
                    // The round may have said so itself.
                    if (backOff.Left == TimeSpan.Zero)
                        backOff.Failed();
                    delay = Again(TimeSpan.Zero);
                }
            }
        }
        finally
        {
            isRunning = false;
        }
    }

    private TimeSpan Again(TimeSpan delay)
    {
        isWanted = true;
        return delay;
    }

    // False when nobody is left to speak.
    private async Task<bool> WaitAsync(TimeSpan delay)
    {
        var since = time.GetTimestamp();
        while (!end.IsCompleted)
        {
            var untilTried = backOff.Left;
            var left = hurry.Task.IsCompleted ? TimeSpan.Zero : delay - time.GetElapsedTime(since);
            if (untilTried <= TimeSpan.Zero && left <= TimeSpan.Zero)
                break;
            if (hurry.Task.IsCompleted)
                (hurry, delay) = (NewSignal(), TimeSpan.Zero);
            isWaitingItOut = untilTried > TimeSpan.Zero;
            using var timer = new CancellationTokenSource();
            var waited = Task.Delay(untilTried > left ? untilTried : left, time, timer.Token);
            await Task.WhenAny(waited, hurry.Task, end);
            await timer.CancelAsync();
        }

        isWaitingItOut = false;
        if (hurry.Task.IsCompleted)
            hurry = NewSignal();
        return !end.IsCompleted;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
