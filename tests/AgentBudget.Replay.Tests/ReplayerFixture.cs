namespace AgentBudget.Replay.Tests;

/// <summary>One embedded ledger in memory for all tests of a class; every run has a session of its own.</summary>
public sealed class ReplayerFixture : IAsyncLifetime
{
    public Replayer Replayer { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Replayer = await Replayer.StartAsync();

    public ValueTask DisposeAsync() => Replayer.DisposeAsync();
}
