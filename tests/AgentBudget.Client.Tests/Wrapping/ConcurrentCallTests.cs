using AgentBudget.Client.Tests.Ledgers;
using static AgentBudget.Client.Tests.Ledgers.SessionReading;

namespace AgentBudget.Client.Tests.Wrapping;

/// <summary>The promise: 100 concurrent $0.05 calls on a $1.00 budget are 20 calls, $1.00 spent and $0.00 over.</summary>
public sealed class ConcurrentCallTests(SharedLedger ledger)
{
    private const int Calls = 100;
    private const int Affordable = 20;

    [Fact]
    public async Task Wrap_HundredAtOnce_ExactlyTwentyAreMade()
    {
        await using var session = await ledger.OpenAsync("1.00");
        var made = 0;
        var running = Enumerable
            .Range(0, Calls)
            .Select(_ =>
                WrapAsync(
                    session,
                    async token =>
                    {
                        Interlocked.Increment(ref made);
                        await Task.Yield();
                        return token;
                    }
                )
            );
        await AssertTwentyAsync(session, await Task.WhenAll(running).InTimeAsync(), made);
    }

    [Fact]
    public async Task Wrap_HundredThatAllHoldTheirMoney_ExactlyTwentyAreMade()
    {
        var client = ledger.NewClient(options => options.WaitForMoney = TimeSpan.Zero);
        await using var session = await client.OpenAsync("1.00", cancellationToken: TestContext.Current.CancellationToken);
        var made = 0;
        var refused = new CountdownEvent(Calls - Affordable);
        var allDecided = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var running = Enumerable
            .Range(0, Calls)
            .Select(async _ =>
            {
                var outcome = await WrapAsync(
                    session,
                    async token =>
                    {
                        Interlocked.Increment(ref made);
                        await allDecided.Task;
                        return token;
                    }
                );
                if (outcome is not null && refused.Signal())
                    allDecided.SetResult();
                return outcome;
            });
        var outcomes = await Task.WhenAll(running).InTimeAsync();
        Assert.All(
            outcomes.OfType<MoneyRefusedException>(),
            refusal => Assert.Equal(RefusalReason.InsufficientNow, refusal.Refusal.Reason)
        );
        await AssertTwentyAsync(session, outcomes, made);
    }

    [Fact]
    public async Task Wrap_HundredThatWaitForMoney_ExactlyTwentyAreMade()
    {
        var client = ledger.NewClient(options => options.WaitForMoney = TimeSpan.FromMinutes(5));
        await using var session = await client.OpenAsync("1.00", cancellationToken: TestContext.Current.CancellationToken);
        var made = 0;
        var settled = new CountdownEvent(Affordable);
        var allRun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var othersWait = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var allSettled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var running = Task.WhenAll(
            Enumerable
                .Range(0, Calls)
                .Select(async _ =>
                {
                    var outcome = await WrapAsync(
                        session,
                        async token =>
                        {
                            if (Interlocked.Increment(ref made) == Affordable)
                                allRun.SetResult();
                            await othersWait.Task;
                            return token;
                        }
                    );
                    if (outcome is null && settled.Signal())
                        allSettled.SetResult();
                    return outcome;
                })
        );
        await session.WhenWaitingAsync(Calls - Affordable).InTimeAsync();
        await allRun.Task.InTimeAsync();
        othersWait.SetResult();
        await allSettled.Task.InTimeAsync();
        await AssertTwentyAsync(session, await running.InTimeAsync(), made);
    }

    [Fact]
    public async Task Wrap_HundredOverTwoClients_ExactlyTwentyAreMade()
    {
        await using var session = await ledger.OpenAsync("1.00");
        await using var same = ledger.NewClient().Get(session.Id);
        var made = 0;
        var running = Enumerable
            .Range(0, Calls)
            .Select(i =>
                WrapAsync(
                    i % 2 == 0 ? session : same,
                    token =>
                    {
                        Interlocked.Increment(ref made);
                        return Task.FromResult(token);
                    }
                )
            );
        await AssertTwentyAsync(session, await Task.WhenAll(running).InTimeAsync(), made);
    }

    private static async Task<MoneyRefusedException?> WrapAsync(
        BudgetSession session,
        Func<CancellationToken, Task<CancellationToken>> call
    )
    {
        try
        {
            var estimate = CallEstimate.Of(Call.Model("gpt-5"), FiveCents);
            await session.WrapAsync(estimate, call, _ => FiveCents, cancellationToken: TestContext.Current.CancellationToken);
            return null;
        }
        catch (MoneyRefusedException refused)
        {
            return refused;
        }
    }

    private static async Task AssertTwentyAsync(BudgetSession session, MoneyRefusedException?[] outcomes, int made)
    {
        Assert.Equal((Affordable, Calls - Affordable), (made, outcomes.Count(outcome => outcome is not null)));
        var report = await session.ReportAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal((Dollars("1.00"), Money.Zero, Money.Zero), (report.TotalSpent, report.Standing.Overage, report.Reserved));
        Assert.Equal((Dollars("1.00"), 20L), report.Breakdown.Sum(CallKind.Model));
    }
}
