using AgentBudget.Client.Tests.Ledgers;
using static AgentBudget.Client.Tests.Ledgers.SessionReading;

namespace AgentBudget.Client.Tests.Tools;

public sealed class ToolTests(SharedLedger ledger)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunTool_OfAKnownPrice_RunsAndCosts()
    {
        await using var session = await ledger.OpenAsync("1.00");
        Assert.Equal(3, await session.RunToolAsync("search", "0.01", _ => Task.FromResult(3), """{"q":"cats"}""", Token));
        var report = await session.ReportAsync(cancellationToken: Token);
        Assert.Equal((Dollars("0.01"), 1L), report.Breakdown.Sum(CallKind.Tool));
        Assert.Equal("search", Assert.Single(report.Breakdown.Categories).Name);
    }

    [Fact]
    public async Task RunTool_Free_StandsInTheReport()
    {
        await using var session = await ledger.OpenAsync("1.00");
        await session.RunToolAsync("clock", "0", _ => Task.FromResult(0), "{}", Token);
        Assert.Equal((Money.Zero, 1L), (await session.ReportAsync(cancellationToken: Token)).Breakdown.Sum(CallKind.Tool));
    }

    [Fact]
    public async Task RunTool_RepeatsItself_TripsBeforeTheToolRuns()
    {
        await using var session = await ledger.OpenWithLoopsAsync("1.00");
        var runs = 0;
        for (var i = 0; i < 2; i++)
            await RunAsync("""{"q":"cats","n":1}""");
        var loop = await Assert.ThrowsAsync<LoopDetectedException>(() => RunAsync("""{ "n": 1.0, "q": "cats" }"""));

        Assert.Equal(2, runs);
        Assert.Equal(("search", 3, 60), (loop.Evidence!.Name, loop.Evidence.Count, loop.Evidence.WindowSeconds));
        Assert.Equal(("loop_detected", Dollars("0.02")), (loop.Report!.TerminatedBy, loop.Report.TotalSpent));
        Assert.Contains("search", loop.Message, StringComparison.Ordinal);

        Task<bool> RunAsync(string arguments) => session.RunToolAsync("search", "0.01", _ => Task.FromResult(++runs > 0), arguments, Token);
    }

    [Fact]
    public async Task RunTool_AfterALoop_IsRefusedUntilResumed()
    {
        await using var session = await ledger.OpenWithLoopsAsync("1.00");
        await TripAsync(session);
        var refused = await Assert.ThrowsAsync<LoopDetectedException>(() =>
            session.RunToolAsync("other", "0", _ => Task.FromResult(1), "{}", Token)
        );
        Assert.Null(refused.Evidence);
        await session.ResumeAsync("it was polling", Token);
        Assert.Equal(1, await session.RunToolAsync("search", "0.01", _ => Task.FromResult(1), "{}", Token));
    }

    [Fact]
    public async Task RunTool_WithOtherArguments_IsNoLoop()
    {
        await using var session = await ledger.OpenWithLoopsAsync("1.00");
        for (var i = 0; i < 6; i++)
            await session.RunToolAsync("search", "0.01", _ => Task.FromResult(1), $$"""{"page":{{i}}}""", Token);
        Assert.Equal(Dollars("0.06"), (await session.NowAsync()).Spent);
    }

    [Fact]
    public async Task RunTool_WithoutArguments_IsTheSameCallEachTime()
    {
        await using var session = await ledger.OpenAsync("1.00");
        for (var i = 0; i < 5; i++)
            await session.RunToolAsync("list_tasks", "0.01", _ => Task.FromResult("[]"), argumentsJson: null, Token);
        await Assert.ThrowsAsync<LoopDetectedException>(() =>
            session.RunToolAsync("list_tasks", "0.01", _ => Task.FromResult("[]"), argumentsJson: null, Token)
        );
    }

    [Fact]
    public async Task WrapTool_OfAFunction_ChargesEachCallAndSeesLoops()
    {
        await using var session = await ledger.OpenWithLoopsAsync("1.00");
        var runs = 0;
        var search = session.WrapTool(
            "search",
            "0.01",
            (Query query, CancellationToken _) => Task.FromResult(query.Text.Length + (++runs * 0))
        );
        Assert.Equal(4, await search(new Query("cats", 1), Token));
        Assert.Equal(4, await search(new Query("dogs", 1), Token));
        Assert.Equal(4, await search(new Query("cats", 1), Token));
        var loop = await Assert.ThrowsAsync<LoopDetectedException>(() => search(new Query("cats", 1), Token));
        Assert.Equal((3, 3), (runs, loop.Evidence!.Count));
    }

    [Fact]
    public async Task Track_OfACallMadeAlready_GivesItsResultBack()
    {
        await using var session = await ledger.OpenAsync("1.00");
        Assert.Equal("three pages", await session.TrackAsync("three pages", "web_search", "$0.01", cancellationToken: Token));
        var charged = Assert.Single(await session.EntriesAsync(EntryKind.Charged));
        Assert.Equal((Dollars("0.01"), "web_search", CallKind.Tool), (charged.Amount, charged.Call!.Name, charged.Call.Kind));
    }

    [Fact]
    public async Task Track_BeyondTheBudget_IsRecordedThenThrowsWithTheReport()
    {
        await using var session = await ledger.OpenAsync("1.00");
        await session.TrackAsync(0, "render", "0.90", cancellationToken: Token);
        var over = await Assert.ThrowsAsync<BudgetExhaustedException>(() =>
            session.TrackAsync(0, "render", "0.50", cancellationToken: Token)
        );
        Assert.Equal((Dollars("1.40"), Dollars("0.40")), (over.Report!.TotalSpent, over.Report.Standing.Overage));
        Assert.Equal("budget_exhausted", over.Report.TerminatedBy);
    }

    [Fact]
    public async Task Charge_ToTheLastCent_IsNoError()
    {
        await using var session = await ledger.OpenAsync("0.30");
        for (var i = 0; i < 3; i++)
            await session.ChargeAsync(Call.Model("gpt-5"), Dollars("0.10"), Token);
        Assert.Equal((Dollars("0.30"), Money.Zero), ((await session.NowAsync()).Spent, (await session.NowAsync()).Overage));
    }

    [Fact]
    public async Task Charge_AfterTheSessionIsOver_IsRecordedAndThrowsAgain()
    {
        await using var session = await ledger.OpenAsync("1.00");
        await Assert.ThrowsAsync<BudgetExhaustedException>(() => session.ChargeAsync(Call.Model("gpt-5"), Dollars("1.10"), Token));
        var late = await Assert.ThrowsAsync<BudgetExhaustedException>(() =>
            session.ChargeAsync(Call.Model("gpt-5"), Dollars("0.10"), Token)
        );
        Assert.Equal(Dollars("0.20"), late.Report!.Standing.Overage);
    }

    [Fact]
    public async Task Charge_BeyondTheBudgetInObserveMode_IsNoError()
    {
        var options = new BudgetSessionOptions { Budget = Dollars("0.10"), Mode = SessionMode.Observe };
        await using var session = await ledger.Client.OpenAsync(options, cancellationToken: Token);
        var answer = await session.ChargeAsync(Call.Model("gpt-5"), Dollars("0.30"), Token);
        Assert.Equal(Dollars("0.20"), answer.Standing.Overage);
    }

    // The charge that completes a loop finds it, so it has the evidence; it used to say only that there had been one.
    [Fact]
    public async Task Track_CompletesALoop_IsRecordedThenThrowsWithTheEvidence()
    {
        await using var session = await ledger.OpenWithLoopsAsync("1.00");
        for (var i = 0; i < 2; i++)
            await session.TrackAsync(0, "search", "0.01", "{}", Token);
        var loop = await Assert.ThrowsAsync<LoopDetectedException>(() => session.TrackAsync(0, "search", "0.01", "{}", Token));
        Assert.Equal((Dollars("0.03"), "loop_detected"), (loop.Report!.TotalSpent, loop.Report.TerminatedBy));
        Assert.Equal(("search", 3), (loop.Evidence?.Name, loop.Evidence?.Count));
    }

    private static async Task TripAsync(BudgetSession session)
    {
        for (var i = 0; i < 2; i++)
            await session.RunToolAsync("search", "0.01", _ => Task.FromResult(1), "{}", Token);
        await Assert.ThrowsAsync<LoopDetectedException>(() => session.RunToolAsync("search", "0.01", _ => Task.FromResult(1), "{}", Token));
    }

    private sealed record Query(string Text, int Page);
}
