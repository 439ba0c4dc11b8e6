using System.Diagnostics;
using AgentBudget.Server.Tests.Processes;

namespace AgentBudget.Server.Tests.Clusters;

/// <summary>Charges sessions, each one call after the other, and keeps count of what was acknowledged.</summary>
internal sealed class ChargingLoad : IAsyncDisposable
{
    public static readonly Money Price = Money.Parse("0.01");

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource stop = new();
    private readonly Track[] tracks;
    private readonly Task charging;

    public ChargingLoad(IEnumerable<BudgetSession> sessions)
    {
        tracks = [.. sessions.Select(session => new Track(session))];
        charging = Task.WhenAll(tracks.Select(track => Task.Run(() => ChargeAsync(track))));
    }

    public IReadOnlyList<Track> Tracks => tracks;

    /// <summary>How long after a moment the last of the sessions answered a call that was begun after it.</summary>
    public async Task<TimeSpan> WhenAllAnswerAsync(long since, TimeSpan within)
    {
        await Poll.UntilAsync(
            () =>
            {
                if (charging.IsFaulted)
                    charging.GetAwaiter().GetResult();
                return Array.TrueForAll(tracks, track => track.LastBegunAt > since);
            },
            within,
            () => $"{tracks.Count(track => track.LastBegunAt <= since)} of {tracks.Length} sessions do not answer."
        );
        return tracks.Max(track => Stopwatch.GetElapsedTime(since, track.FirstAnswerAfter(since)));
    }

    /// <summary>Ends it; fails when a call failed.</summary>
    public async Task StopAsync()
    {
        await stop.CancelAsync();
        await charging.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await charging.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.Dispose();
    }

    private async Task ChargeAsync(Track track)
    {
        while (!stop.IsCancellationRequested)
        {
            var begun = Stopwatch.GetTimestamp();
            var answer = await track.Session.ChargeAsync(Call.Tool("search"), Price, CancellationToken.None);
            Assert.Null(answer.Refusal);
            track.Answered(begun);
            await Task.Delay(Pace, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>One session and its answers.</summary>
    internal sealed class Track(BudgetSession session)
    {
        private readonly List<(long Begun, long Answered)> calls = [];
        private readonly Lock gate = new();
        private long lastBegunAt;

        public BudgetSession Session => session;

        public int Acknowledged
        {
            get
            {
                lock (gate)
                    return calls.Count;
            }
        }

        /// <summary>When the last call that was answered had been begun.</summary>
        public long LastBegunAt => Volatile.Read(ref lastBegunAt);

        public void Answered(long begun)
        {
            lock (gate)
                calls.Add((begun, Stopwatch.GetTimestamp()));
            Volatile.Write(ref lastBegunAt, begun);
        }

        /// <summary>When the first call that was begun after a moment was answered.</summary>
        public long FirstAnswerAfter(long since)
        {
            lock (gate)
                return calls.First(call => call.Begun > since).Answered;
        }
    }
}
