using System.Runtime.CompilerServices;
using AgentBudget.Client.Tests.Ledgers;
using static AgentBudget.Client.Tests.Ledgers.SessionReading;

namespace AgentBudget.Client.Tests.Stops;

/// <summary>What cuts a call under way and what does not, and what a stop says of its reason.</summary>
public sealed class CutTests(SharedLedger ledger)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    // Linked to the stop token, a stream whose money was granted was cut by a sibling after no update at all.
    [Fact]
    public async Task Stream_WhoseSiblingExhaustsTheBudget_GoesOn()
    {
        await using var session = await ledger.OpenAsync("1.00");
        var gate = new TaskCompletionSource();
        var stream = ReadAsync(session, gate.Task);
        await session.WhenReservedAsync("0.30");
        var stopped = session.StoppedToken;
        await Assert.ThrowsAsync<BudgetExhaustedException>(() => session.ChargeAsync("gpt-5", Dollars("1.10"), cancellationToken: Stop));
        await stopped.FiredAsync();
        Assert.Equal(StopReason.BudgetExhausted, session.StopReason);
        gate.SetResult();
        Assert.Equal(["one", "two"], await stream.InTimeAsync());
    }

    [Theory]
    [InlineData("pause", StopReason.Paused)]
    [InlineData("stop", StopReason.Stopped)]
    [InlineData("close", StopReason.Closed)]
    public async Task Stream_OfASessionThatIsPausedOrEnds_IsCutAndSaysWhy(string how, StopReason reason)
    {
        await using var session = await ledger.OpenAsync("1.00");
        var stream = ReadAsync(session, Task.Delay(Timeout.InfiniteTimeSpan, Stop));
        await session.WhenReservedAsync("0.30");
        var stopped = session.StoppedToken;
        var other = ledger.NewClient().Get(session.Id);
        if (how == "pause")
            await other.PauseAsync("enough", Stop);
        else if (how == "stop")
            await other.StopAsync("enough", Stop);
        else
            await other.CloseAsync(Stop);
        var thrown = await Assert.ThrowsAsync<SessionStoppedException>(() => stream.InTimeAsync());
        Assert.Equal(how == "pause" ? RefusalReason.Paused : RefusalReason.SessionEnded, thrown.Refusal.Reason);
        await stopped.FiredAsync();
        Assert.Equal(reason, session.StopReason);
        // It was billed until then.
        Assert.True((await session.NowAsync()).Spent > Money.Zero);
    }

    [Fact]
    public async Task Stream_OfTheSameObjectAfterAResume_IsNotCut()
    {
        await using var session = await ledger.OpenAsync("1.00");
        var cut = ReadAsync(session, Task.Delay(Timeout.InfiniteTimeSpan, Stop));
        await session.WhenReservedAsync("0.30");
        await session.PauseAsync(cancellationToken: Stop);
        await Assert.ThrowsAsync<SessionStoppedException>(() => cut.InTimeAsync());
        await session.ResumeAsync(cancellationToken: Stop);
        Assert.Equal(["one", "two"], await ReadAsync(session, Task.CompletedTask).InTimeAsync());
    }

    [Fact]
    public async Task WrappedStream_OfASessionThatIsPaused_IsCut()
    {
        await using var session = await ledger.OpenAsync("1.00");
        var running = session.WrapStreamAsync(
            CallEstimate.Model("gpt-5", "0.30"),
            async (_, token) =>
            {
                await ledger.NewClient().Get(session.Id).PauseAsync(cancellationToken: CancellationToken.None);
                await Task.Delay(Timeout.InfiniteTimeSpan, token);
                return 0;
            },
            cancellationToken: Stop
        );
        await Assert.ThrowsAsync<SessionStoppedException>(() => running.InTimeAsync());
    }

    [Fact]
    public async Task Handle_OfASessionThatOnlyObserves_IsCutByItsEndAlone()
    {
        var options = new BudgetSessionOptions { Budget = Dollars("0.10"), Mode = SessionMode.Observe };
        await using var session = await ledger.Client.OpenAsync(options, cancellationToken: Stop);
        await using var call = await session.ReserveAsync(CallEstimate.Model("gpt-5", "0.30"), cancellationToken: Stop);
        await session.PauseAsync(cancellationToken: Stop);
        Assert.False(await session.Grain.WaitForCutAsync(TimeSpan.Zero));
        Assert.Equal((false, StopReason.None), (call.CutToken.IsCancellationRequested, call.CutReason));
        await ledger.NewClient().Get(session.Id).StopAsync(cancellationToken: Stop);
        await call.CutToken.FiredAsync();
        Assert.Equal(StopReason.Stopped, call.CutReason);
    }

    [Fact]
    public async Task StopReason_OfALoop_SaysSo()
    {
        await using var session = await ledger.OpenWithLoopsAsync("1.00");
        Assert.Equal(StopReason.None, session.StopReason);
        var stopped = session.StoppedToken;
        for (var i = 0; i < 2; i++)
            await session.TrackAsync(0, "search", "0", "{}", Stop);
        await Assert.ThrowsAsync<LoopDetectedException>(() => session.TrackAsync(0, "search", "0", "{}", Stop));
        await stopped.FiredAsync();
        Assert.Equal(StopReason.LoopDetected, session.StopReason);
    }

    [Fact]
    public async Task StopReason_WhereNobodyCanSay_IsUnknown()
    {
        var script = new GrainScript().Fail(nameof(IBudgetSession.StandingAsync), () => new TimeoutException());
        await using var session = await ledger.NewClient(script: script).OpenAsync("1.00", cancellationToken: Stop);
        var stopped = session.StoppedToken;
        await ledger.Client.Get(session.Id).PauseAsync(cancellationToken: Stop);
        await stopped.FiredAsync();
        Assert.Equal(StopReason.Unknown, session.StopReason);
    }

    private static Task<List<string>> ReadAsync(BudgetSession session, Task gate) =>
        session
            .WrapStreamAsync(
                CallEstimate.Model("gpt-5", "0.30"),
                (_, token) => Pieces(gate, token),
                (stream, piece) => stream.SawText(piece),
                cancellationToken: Stop
            )
            .ToListAsync(Stop)
            .AsTask();

    private static async IAsyncEnumerable<string> Pieces(Task gate, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return "one";
        await gate.WaitAsync(cancellationToken);
        yield return "two";
    }
}
