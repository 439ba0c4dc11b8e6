using AgentBudget.Client.Tests.Ledgers;
using static AgentBudget.Client.Tests.Ledgers.SessionReading;

namespace AgentBudget.Client.Tests.Calls;

/// <summary>A settlement that runs behind its caller's back, as one at a synchronous dispose does, is not overtaken.</summary>
public sealed class EndsUnderWayTests(SharedLedger ledger)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("report")]
    [InlineData("close")]
    [InlineData("dispose")]
    [InlineData("agent")]
    public async Task SettlementUnderWay_IsWaitedFor(string by)
    {
        var gate = new TaskCompletionSource();
        var script = new GrainScript().Answer(
            nameof(IBudgetSession.SettleAsync),
            async call =>
            {
                await gate.Task;
                return await call.ForwardAsync();
            }
        );
        var session = await ledger.NewClient(script: script).OpenAsync("1.00", cancellationToken: Stop);
        await using var call = await session.ReserveAsync(CallEstimate.Model("gpt-5", "0.30"), cancellationToken: Stop);
        var settling = call.SettleAsync(ActualCost.Of("0.10"));

        var asked = AskAsync(session, by);
        Assert.False(asked.IsCompleted);
        gate.SetResult();
        await asked.InTimeAsync();
        await settling.InTimeAsync();

        var report = await ledger.Client.Get(session.Id).ReportAsync(cancellationToken: Stop);
        Assert.Equal((Dollars("0.10"), Money.Zero), (report.TotalSpent, report.Reserved));
        var entries = await ledger.Client.Get(session.Id).EntriesAsync();
        Assert.DoesNotContain(entries, entry => entry.Signals.HasFlag(EntrySignals.Late));
    }

    [Fact]
    public async Task Report_GivenUp_WaitsNoLonger()
    {
        var gate = new TaskCompletionSource();
        var script = new GrainScript().Answer(
            nameof(IBudgetSession.SettleAsync),
            call => gate.Task.ContinueWith(_ => call.ForwardAsync(), TaskScheduler.Default).Unwrap()
        );
        await using var session = await ledger.NewClient(script: script).OpenAsync("1.00", cancellationToken: Stop);
        await using var call = await session.ReserveAsync(CallEstimate.Model("gpt-5", "0.30"), cancellationToken: Stop);
        var settling = call.SettleAsync(ActualCost.Of("0.10"));
        using var giveUp = new CancellationTokenSource();
        var report = session.ReportAsync(cancellationToken: giveUp.Token);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => report.InTimeAsync());
        gate.SetResult();
        await settling.InTimeAsync();
    }

    private static Task AskAsync(BudgetSession session, string by) =>
        by switch
        {
            "report" => session.ReportAsync(cancellationToken: Stop),
            "close" => session.CloseAsync(Stop),
            "agent" => session.ForAgent("other").ReportAsync(cancellationToken: Stop),
            _ => session.DisposeAsync().AsTask(),
        };
}
