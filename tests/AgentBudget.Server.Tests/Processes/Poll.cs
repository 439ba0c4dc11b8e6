using System.Diagnostics;

namespace AgentBudget.Server.Tests.Processes;

/// <summary>Waits for something that another process does, with a deadline.</summary>
internal static class Poll
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    public static async Task UntilAsync(Func<Task<bool>> condition, TimeSpan within, Func<string> orElse)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(started) > within)
                Assert.Fail($"Not within {within}: {orElse()}");
            await Task.Delay(Pause, TestContext.Current.CancellationToken);
        }
    }

    public static Task UntilAsync(Func<bool> condition, TimeSpan within, Func<string> orElse) =>
        UntilAsync(() => Task.FromResult(condition()), within, orElse);
}
