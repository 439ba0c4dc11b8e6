namespace AgentBudget.Replay.Tests;

public sealed class ReplaySessionTests(ReplayerFixture fixture) : IClassFixture<ReplayerFixture>
{
    private static readonly ReplaySettings Ample = new()
    {
        Budget = Money.Parse("1000"),
        Mode = ReplayMode.Charge,
        Loops = LoopPolicy.Off,
    };

    [Fact]
    public async Task Replay_RunThatRestedForAMonth_IsNotExpired()
    {
        var result = await ReplayAsync(
            new() { Budget = Money.Parse("1.00") },
            TraceText.Model(0, "0.1"),
            TraceText.Model((long)TimeSpan.FromDays(30).TotalMilliseconds, "0.1")
        );

        Assert.Null(result.TerminatedBy);
        Assert.Equal(TimeSpan.FromDays(30), result.Report.Duration);
    }

    [Fact]
    public async Task Replay_RunWithoutEvents_OpensAndClosesASession() =>
        Assert.Equal(2, (await ReplayAsync(new() { Budget = Money.Parse("1.00") })).Report.EventsTotal);

    [Fact]
    public async Task Replay_CostsBeyondWhatMoneyHolds_IsAnErrorAndOpensNothing()
    {
        using var folder = new TempFolder();
        var file = folder.File("dear.jsonl", Enumerable.Repeat(TraceText.Model(0, "1000000000"), 10).Prepend(TraceText.Header));

        await Assert.ThrowsAsync<TraceException>(() =>
            fixture.Replayer.ReplayAsync(file, Ample, cancellationToken: TestContext.Current.CancellationToken)
        );

        Assert.Null(await fixture.Replayer.Store.LoadAsync("replay/dear", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Replay_WrongLastLine_OpensNothing()
    {
        using var folder = new TempFolder();
        var file = folder.File("broken.jsonl", TraceText.Header, TraceText.Model(0, "0.1"), "{");

        await Assert.ThrowsAsync<TraceException>(() =>
            fixture.Replayer.ReplayAsync(file, Ample, cancellationToken: TestContext.Current.CancellationToken)
        );

        Assert.Null(await fixture.Replayer.Store.LoadAsync("replay/broken", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Replay_SameFileAgain_TakesTheNextNameAndGivesTheSame()
    {
        using var folder = new TempFolder();
        var file = folder.File("a name (1).jsonl", TraceText.Header, TraceText.Model(0, "0.1"));

        var first = await fixture.Replayer.ReplayAsync(file, Ample, cancellationToken: TestContext.Current.CancellationToken);
        var second = await fixture.Replayer.ReplayAsync(file, Ample, cancellationToken: TestContext.Current.CancellationToken);
        var third = await fixture.Replayer.ReplayAsync(file, Ample, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(
            ["replay/a-name--1-", "replay/a-name--1-/2", "replay/a-name--1-/3"],
            new[] { first, second, third }.Select(result => result.SessionId)
        );
        Assert.Equal(
            first.Report.Events.Select(entry => (entry.At, entry.Kind, entry.Key, entry.Amount)),
            third.Report.Events.Select(entry => (entry.At, entry.Kind, entry.Key, entry.Amount))
        );
    }

    [Fact]
    public async Task Replay_LongFileName_FitsTheBoundOnIds()
    {
        using var folder = new TempFolder();
        var file = folder.File(new string('n', 200) + ".jsonl", TraceText.Header);

        Assert.True(
            (await fixture.Replayer.ReplayAsync(file, Ample, cancellationToken: TestContext.Current.CancellationToken)).SessionId.Length
                <= Bounds.IdLength
        );
    }

    [Fact]
    public async Task Replay_LaterFileThatStartsEarlier_HasAClockOfItsOwn()
    {
        using var folder = new TempFolder();
        var later = folder.File("later.jsonl", """{"format":1,"start":"2026-06-01T00:00:00Z"}""", TraceText.Model(0, "0.1"));
        var earlier = folder.File("earlier.jsonl", """{"format":1,"start":"2026-01-01T00:00:00Z"}""", TraceText.Model(1_000, "0.1"));

        await fixture.Replayer.ReplayAsync(later, Ample, cancellationToken: TestContext.Current.CancellationToken);
        var result = await fixture.Replayer.ReplayAsync(earlier, Ample, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), result.Report.OpenedAt);
        Assert.Equal(new DateTimeOffset(2026, 1, 1, 0, 0, 1, TimeSpan.Zero), result.Report.EndedAt);
    }

    [Fact]
    public async Task Replay_Progress_IsTold()
    {
        var told = new List<ReplayProgress>();
        using var folder = new TempFolder();
        var file = folder.File("progress.jsonl", TraceText.Header, TraceText.Model(0, "0.1"), TraceText.Tool(1));

        await fixture.Replayer.ReplayAsync(file, Ample, new Recorder(told), TestContext.Current.CancellationToken);

        Assert.Equal([new(file, 1, 2, Money.Parse("0.1")), new(file, 2, 2, Money.Parse("0.1"))], told);
    }

    [Theory]
    [InlineData("0", 0.9)]
    [InlineData("1", 2)]
    public async Task Replay_SettingOutOfRange_IsRefusedBeforeAnythingIsRead(string budget, double softLimit)
    {
        var settings = new ReplaySettings { Budget = Money.Parse(budget), SoftLimits = [(decimal)softLimit] };

        await Assert.ThrowsAsync<ArgumentException>(() =>
            fixture.Replayer.ReplayAsync("none.jsonl", settings, cancellationToken: TestContext.Current.CancellationToken)
        );
    }

    private Task<ReplayResult> ReplayAsync(ReplaySettings settings, params string[] events) => fixture.ReplayAsync(settings, events);

    private sealed class Recorder(List<ReplayProgress> told) : IProgress<ReplayProgress>
    {
        public void Report(ReplayProgress value) => told.Add(value);
    }
}
