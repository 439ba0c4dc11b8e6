using AgentBudget.Client.Tests.Ledgers;
using static AgentBudget.Client.Tests.Ledgers.SessionReading;

namespace AgentBudget.Client.Tests.Reports;

public sealed class ReportTests(SharedLedger ledger)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Report_ModelsAndTools_AreToldApart()
    {
        await using var session = await ledger.OpenAsync("5.00");
        await session.CallAsync("3.12", "3.12");
        for (var i = 0; i < 3; i++)
            await session.TrackAsync(i, "web_search", "0.10", cancellationToken: Token);
        var report = await session.ReportAsync(cancellationToken: Token);
        Assert.Equal("Total spend: $3.42 of $5.00 | Remaining: $1.58 | LLM: $3.12 | Tools: $0.30 | Calls: 4", report.ToString());
        Assert.Empty(report.Events);
    }

    [Fact]
    public async Task Report_WithEvents_CarriesThePageAskedFor()
    {
        await using var session = await ledger.OpenAsync("5.00");
        for (var i = 0; i < 5; i++)
            await session.TrackAsync(i, "web_search", "0.10", cancellationToken: Token);
        var report = await session.ReportAsync(events: 2, fromSequence: 3, cancellationToken: Token);
        Assert.Equal([3, 4], report.Events.Select(entry => entry.Sequence));
        Assert.Equal(6, report.EventsTotal);
    }

    [Fact]
    public async Task Report_TagsTenantAndAgent_AreThoseOfTheOptions()
    {
        var options = new BudgetSessionOptions
        {
            Budget = Dollars("1"),
            Tenant = TenantPath.Parse("acme/research"),
            Agent = "summarizer",
            Tags = new Dictionary<string, string> { ["team"] = "blue" },
        };
        await using var session = await ledger.Client.OpenAsync(options, cancellationToken: Token);
        var report = await session.ReportAsync(cancellationToken: Token);
        Assert.Equal(("acme/research", "summarizer", "blue"), (report.Tenant?.ToString(), report.Agent, report.Tags["team"]));
    }

    [Fact]
    public async Task Report_OfAnUnknownSessionOrChild_SaysWhichOne()
    {
        var unknown = ledger.Client.Get("nobody-opened-this");
        var refused = await Assert.ThrowsAsync<RefusedException>(() => unknown.ReportAsync(cancellationToken: Token));
        Assert.Equal(RefusalReason.SessionUnknown, refused.Refusal.Reason);
        Assert.Contains("nobody-opened-this", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Timeline_LongerThanAPage_ComesWholeAndInOrder()
    {
        const int charges = SessionReport.MaxEvents + 250;
        await using var session = await ledger.OpenAsync("100.00");
        await Task.WhenAll(Enumerable.Range(0, charges).Select(i => session.TrackAsync(i, "search", "0.01", cancellationToken: Token)))
            .InTimeAsync();
        var entries = await session.EntriesAsync();
        Assert.Equal(Enumerable.Range(1, charges + 1).Select(i => (long)i), entries.Select(entry => entry.Sequence));
        Assert.Equal(charges, entries.Select(entry => entry.Key).OfType<string>().Distinct().Count());
    }

    [Fact]
    public async Task Timeline_FromASequence_StartsThere()
    {
        await using var session = await ledger.OpenAsync("1.00");
        for (var i = 0; i < 3; i++)
            await session.TrackAsync(i, "search", "0.01", cancellationToken: Token);
        var sequences = new List<long>();
        await foreach (var entry in session.TimelineAsync(3, Token))
            sequences.Add(entry.Sequence);
        Assert.Equal([3, 4], sequences);
    }

    [Fact]
    public async Task Timeline_OfAnUnknownSession_IsEmpty()
    {
        await foreach (var _ in ledger.Client.Get("nobody-opened-this-either").TimelineAsync(cancellationToken: Token))
            Assert.Fail("there is an entry");
    }

    [Fact]
    public async Task Close_GivesTheFinalReport()
    {
        var session = await ledger.OpenAsync("1.00");
        await session.CallAsync("0.10", "0.10");
        var report = await session.CloseAsync(Token);
        Assert.Equal((Dollars("0.10"), EndReason.Closed, (string?)null), (report.TotalSpent, report.Standing.End, report.TerminatedBy));
        Assert.NotNull(report.EndedAt);
        Assert.Equal(report.Standing, (await session.CloseAsync(Token)).Standing);
    }

    [Fact]
    public async Task Dispose_OfASessionOpenedHere_ClosesIt()
    {
        var session = await ledger.OpenAsync("1.00");
        await session.DisposeAsync();
        await session.DisposeAsync();
        Assert.Equal(EndReason.Closed, (await ledger.Client.Get(session.Id).NowAsync()).End);
    }

    [Fact]
    public async Task Dispose_OfASessionOpenedElsewhere_LeavesItOpen()
    {
        await using var session = await ledger.OpenAsync("1.00");
        await ledger.Client.Get(session.Id).DisposeAsync();
        Assert.Equal(EndReason.None, (await session.NowAsync()).End);
    }

    [Fact]
    public async Task Operators_RaiseCorrectAndHold_AsTheTimelineTells()
    {
        await using var session = await ledger.OpenAsync("1.00");
        await session.TrackAsync(0, "search", "0.80", cancellationToken: Token);
        await session.CorrectAsync(2, -Dollars("0.30"), "the provider refunded it", Token);
        await session.TopUpAsync("0.50", "more work", Token);
        await session.SetBudgetAsync("2.00", "round it", Token);
        await session.PauseAsync("lunch", Token);
        await Assert.ThrowsAsync<SessionStoppedException>(() => session.CallAsync("0.10", "0.10"));
        await session.ResumeAsync("back", Token);
        var standing = await session.NowAsync();
        Assert.Equal((Dollars("2.00"), Dollars("0.50")), (standing.Budget, standing.Spent));
        var reasons = (await session.EntriesAsync()).Select(entry => entry.Reason).OfType<string>();
        Assert.Equal(["the provider refunded it", "more work", "round it", "lunch", "back"], reasons);
    }
}
