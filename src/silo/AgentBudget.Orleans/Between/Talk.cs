namespace AgentBudget.Orleans.Between;

/// <summary>
/// One conversation in the background: goes on while there is something to say, and after a failure later and later. Whoever has news
/// begins it; those who come while it runs have it run once more.
/// </summary>
/// <param name="round">Says what is to be said; how long to wait before the next round, or null when nothing is owed.</param>
/// <param name="time">The clock.</param>
/// <param name="end">Ends when nobody is left to speak.</param>
internal sealed class Talk(Func<Task<TimeSpan?>> round, TimeProvider time, Task end)
{
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(30);

    private TaskCompletionSource hurry = NewSignal();
    private bool isRunning;
    private bool isWanted;

    /// <summary>Whether it is under way.</summary>
    public bool IsRunning => isRunning;

    /// <summary>Begins it, or has it go on.</summary>
    /// <param name="after">How long it may wait for more news; none when it is urgent.</param>
    public void Begin(TimeSpan after)
    {
        isWanted = true;
        if (after == TimeSpan.Zero)
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
            var failures = 0;
            while (isWanted && await WaitAsync(delay))
            {
                isWanted = false;
                try
                {
                    delay = await round() is { } next ? Again(next) : TimeSpan.Zero;
                    failures = 0;
                }
                catch (Exception exception) when (Unreachable.Is(exception))
                {
                    var seconds = Math.Min(LongestDelay.TotalSeconds, 1 << Math.Min(failures++, 5));
                    delay = Again(TimeSpan.FromSeconds(seconds));
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
        if (delay > TimeSpan.Zero)
        {
            using var timer = new CancellationTokenSource();
            var waited = Task.Delay(delay, time, timer.Token);
            await Task.WhenAny(waited, hurry.Task, end);
            await timer.CancelAsync();
        }

        if (hurry.Task.IsCompleted)
            hurry = NewSignal();
        return !end.IsCompleted;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
