using AgentBudget.Client.Tests.Ledgers;
using static AgentBudget.Client.Tests.Ledgers.SessionReading;

namespace AgentBudget.Client.Tests.Tools;

/// <summary>Wrapped tools report their results by themselves; agents, users and warnings find their way.</summary>
public sealed class ToolResultTests(SharedLedger ledger)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WrapTool_NewResultEachTime_IsWork()
    {
        await using var session = await ledger.OpenWithLoopsAsync("1.00");
        var runs = 0;
        var poll = session.WrapTool<string, string>("poll", "0", (_, _) => Task.FromResult($"{++runs} done"));
        for (var i = 0; i < 12; i++)
            await poll("job", Token);
        Assert.Equal(12, runs);
    }

    [Fact]
    public async Task WrapTool_SameResult_WarnsAndThenTrips()
    {
        var warnings = new List<LoopEvidence>();
        await using var session = await ledger.OpenAsync("1.00", new SessionCallbacks { OnLoopWarning = warnings.Add });
        var runs = 0;
        var poll = session.WrapTool<string, int[]>("poll", "0.01", (_, _) => Task.FromResult(new[] { Math.Min(++runs, 1) }));
        for (var i = 0; i < 5; i++)
            await poll("job", Token);
        var loop = (await Assert.ThrowsAsync<LoopDetectedException>(() => poll("job", Token))).Evidence!;

        Assert.Equal((LoopKind.Row, 4), (Assert.Single(warnings).Rule, warnings[0].Count));
        Assert.Contains("poll", warnings[0].Advice, StringComparison.Ordinal);
        Assert.Equal((LoopKind.Row, 6, Money.Parse("0.05"), 5), (loop.Rule, loop.Count, loop.Spent, loop.Sequences.Count));
    }

    [Fact]
    public async Task WrapTool_SameErrorEachTime_Trips()
    {
        await using var session = await ledger.OpenAsync("1.00");
        var runs = 0;
        var fetch = session.WrapTool<string, int>(
            "fetch",
            "0.01",
            (_, _) => throw new InvalidOperationException($"pid {++runs}: no such page")
        );
        for (var i = 0; i < 5; i++)
            await Assert.ThrowsAsync<InvalidOperationException>(() => fetch("page", Token));
        var loop = await Assert.ThrowsAsync<LoopDetectedException>(() => fetch("page", Token));
        Assert.Equal((5, LoopKind.Row), (runs, loop.Evidence!.Rule));
    }

    // The tool had run, and what it returned was lost: with the error of its own property, or for ever.
    [Theory]
    [InlineData("throws")]
    [InlineData("has no end")]
    [InlineData("is no data")]
    public async Task WrapTool_ResultThatCannotBeWritten_ComesBackAndIsSettled(string how)
    {
        await using var session = await ledger.OpenAsync("1.00");
        object made = how switch
        {
            "throws" => new Throwing(),
            "has no end" => Endless(),
            _ => new Action(() => { }),
        };
        var result = await session.RunToolAsync("search", "0.01", _ => Task.FromResult(made), "{}", Token);
        Assert.Same(made, result);
        Assert.Equal(Money.Parse("0.01"), (await session.NowAsync()).Spent);

        static IEnumerable<int> Endless()
        {
            for (var i = 0; ; i++)
                yield return i;
        }
    }

    [Fact]
    public async Task WrapTool_ErrorWhoseWordsFail_ComesOutAsItIs()
    {
        await using var session = await ledger.OpenAsync("1.00");
        Exception? thrown = null;
        try
        {
            await session.RunToolAsync<int>("search", "0.01", _ => throw new WordlessException(), "{}", Token);
        }
        catch (Exception exception)
        {
            thrown = exception;
        }

        Assert.IsType<WordlessException>(thrown);
    }

    private sealed class Throwing
    {
        public int Zero { get; init; }

        public int Value => 1 / Zero;
    }

    private sealed class WordlessException : Exception
    {
        public override string Message => throw new ArithmeticException();
    }

    [Fact]
    public async Task UserSpoke_ResetsTheStreak()
    {
        await using var session = await ledger.OpenAsync("1.00");
        for (var i = 0; i < 20; i++)
        {
            if (i % 5 == 0)
                session.UserSpoke();
            await session.RunToolAsync("search", "0", _ => Task.FromResult(0), "{}", Token);
        }
    }

    [Fact]
    public async Task ForAgent_TwoAgents_DoNotShareAStreak()
    {
        await using var session = await ledger.OpenAsync("1.00");
        var (one, two) = (session.ForAgent("one"), session.ForAgent("two"));
        for (var i = 0; i < 5; i++)
        {
            await one.RunToolAsync("search", "0", _ => Task.FromResult(0), "{}", Token);
            await two.RunToolAsync("search", "0", _ => Task.FromResult(0), "{}", Token);
        }

        var loop = await Assert.ThrowsAsync<LoopDetectedException>(() =>
            two.RunToolAsync("search", "0", _ => Task.FromResult(0), "{}", Token)
        );
        Assert.Equal("two", loop.Evidence!.Agent);
    }

    // What the user said to the session did not reach its agents, nor what he said to one of them the others.
    [Fact]
    public async Task UserSpoke_ToTheSessionOrToAnAgent_ReachesItsAgents()
    {
        await using var session = await ledger.OpenAsync("1.00");
        var agents = new[] { session.ForAgent("one"), session.ForAgent("two") };
        for (var i = 0; i < 20; i++)
        {
            if (i % 5 == 0)
                (i % 10 == 0 ? session : agents[1]).UserSpoke();
            await agents[0].RunToolAsync("search", "0", _ => Task.FromResult(0), "{}", Token);
        }
    }

    // That the user had spoken was a part of the charge, which a program that restarts does not know any more.
    [Fact]
    public async Task Charge_RepeatedUnderItsKeyAfterTheUserSpoke_IsTheSame()
    {
        await using var session = await ledger.OpenAsync("1.00");
        session.UserSpoke();
        await session.ChargeAsync(Call.Model("gpt-5"), Money.Parse("0.10"), "step-7", Token);
        var again = await session.ChargeAsync(Call.Model("gpt-5"), Money.Parse("0.10"), "step-7", Token);
        Assert.Equal((true, Money.Parse("0.10")), (again.IsReplay, again.Standing.Spent));
    }

    [Fact]
    public async Task Dispose_OfASession_StopsItsAgents_AndOfAnAgentNobody()
    {
        var session = await ledger.OpenAsync("1.00");
        var (one, two) = (session.ForAgent("one"), session.ForAgent("two"));
        await using (var call = await two.ReserveAsync(CallEstimate.Tool("search", "0"), cancellationToken: Token))
        {
            var cut = call.CutToken;
            await one.DisposeAsync();
            Assert.False(
                two.StoppedToken.IsCancellationRequested || session.StoppedToken.IsCancellationRequested || cut.IsCancellationRequested
            );
            await session.DisposeAsync();
            Assert.True(
                one.StoppedToken.IsCancellationRequested && two.StoppedToken.IsCancellationRequested && cut.IsCancellationRequested
            );
        }
    }

    [Fact]
    public async Task Track_SameResult_TellsTheEvidenceOfItsCharge()
    {
        await using var session = await ledger.OpenAsync("1.00");
        for (var i = 0; i < 5; i++)
            await session.TrackAsync("nothing", "search", "0.01", "{}", Token);
        var loop = await Assert.ThrowsAsync<LoopDetectedException>(() => session.TrackAsync("nothing", "search", "0.01", "{}", Token));
        Assert.Equal((6, Money.Parse("0.06")), (loop.Evidence!.Count, loop.Evidence.Spent));
    }
}
