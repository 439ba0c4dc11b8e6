namespace AgentBudget.Replay.Tests;

/// <summary>One embedded ledger in memory for all tests of a class; every run has a session of its own.</summary>
public sealed class ReplayerFixture : IAsyncLifetime
{
    public Replayer Replayer { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Replayer = await Replayer.StartAsync();

    /// <summary>Replays a run of these events.</summary>
    public async Task<ReplayResult> ReplayAsync(ReplaySettings settings, params string[] events)
    {
        using var folder = new TempFolder();
        var file = folder.File("run.jsonl", events.Prepend(TraceText.Header));
        return await Replayer.ReplayAsync(file, settings, cancellationToken: TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync() => Replayer.DisposeAsync();
}
