using AgentBudget.Client.Calls;
using AgentBudget.Client.Tests.Ledgers;

namespace AgentBudget.Client.Tests.Calls;

/// <summary>Money of calls in the background, which whoever learns of their end takes.</summary>
public sealed class PendingCallsTests(SharedLedger ledger)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Money_ThatIsKept_IsFoundUntilSomebodyTakesIt()
    {
        var id = $"resp_{Guid.CreateVersion7():N}";
        await using var session = await ledger.OpenAsync("1.00");
        await using var money = await session.ReserveAsync(CallEstimate.Model("gpt-5", "0.10"), cancellationToken: Stop);

        Assert.True(PendingCalls.TryKeepOpen(id, money));
        Assert.True(PendingCalls.IsKept(id));
        Assert.True(PendingCalls.TryFind(id, out var found));
        Assert.Same(money, found);
        Assert.Same(money, PendingCalls.Take(id));

        Assert.False(PendingCalls.IsKept(id));
        Assert.Null(PendingCalls.Take(id));
    }

    // Two calls under one id: the second would take the place of the first, whose money nobody would settle.
    [Fact]
    public async Task Money_OfAnIdThatIsKeptOrCannotBe_IsNotKept()
    {
        var id = $"resp_{Guid.CreateVersion7():N}";
        await using var session = await ledger.OpenAsync("1.00");
        await using var first = await session.ReserveAsync(CallEstimate.Model("gpt-5", "0.10"), cancellationToken: Stop);
        await using var second = await session.ReserveAsync(CallEstimate.Model("gpt-5", "0.10"), cancellationToken: Stop);
        Assert.True(PendingCalls.TryKeepOpen(id, first));

        foreach (var other in (string?[])[id, null, "", new string('r', PendingCalls.LongestId + 1)])
            Assert.False(PendingCalls.TryKeepOpen(other, second));

        Assert.Same(first, PendingCalls.Take(id));
        await first.SettleAsync(ActualCost.NotSaid);
    }

    // Of 4,096 responses that nobody came back to the places were taken for ever.
    [Fact]
    public async Task Place_OfAResponseThatNobodyCameBackTo_IsAnotherOnesWhenItsMoneyHasGoneBack()
    {
        var clock = new StandingClock();
        using var client = ledger.NewClient(options => options.ExtendFor = TimeSpan.Zero, clock);
        await using var session = await client.OpenAsync("1.00", cancellationToken: Stop);
        await using var forgotten = await session.ReserveAsync(CallEstimate.Model("gpt-5", "0.10"), cancellationToken: Stop);
        await using var open = await session.ReserveAsync(CallEstimate.Model("gpt-5", "0.10"), cancellationToken: Stop);
        await using var next = await session.ReserveAsync(CallEstimate.Model("gpt-5", "0.10"), cancellationToken: Stop);
        var ids = Enumerable.Range(0, PendingCalls.Most).Select(i => $"resp_{Guid.CreateVersion7():N}_{i}").ToArray();
        try
        {
            foreach (var id in ids)
                Assert.True(PendingCalls.TryKeepOpen(id, id == ids[7] ? forgotten : open));
            await open.ExtendAsync(TimeSpan.FromHours(3), Stop);
            await next.ExtendAsync(TimeSpan.FromHours(3), Stop);
            clock.Advance(TimeSpan.FromMinutes(74));
            Assert.False(PendingCalls.TryKeepOpen("resp_next", next));

            clock.Advance(TimeSpan.FromMinutes(2));
            Assert.True(PendingCalls.TryKeepOpen("resp_next", next));

            Assert.Equal([ids[7]], ids.Where(id => !PendingCalls.IsKept(id)));
            Assert.False(PendingCalls.TryKeepOpen("resp_more", next));
        }
        finally
        {
            Array.ForEach([.. ids, "resp_next"], id => PendingCalls.Take(id));
        }
    }

    // Its answer was lost, and its money lived on: for another call it was forgotten, and its cost was missing.
    [Fact]
    public async Task Place_OfACallThatMayHaveBeenProlonged_IsItsOwn()
    {
        var clock = new StandingClock();
        var script = new GrainScript();
        using var client = ledger.NewClient(
            options => (options.ExtendFor, options.RetryFor) = (TimeSpan.Zero, TimeSpan.Zero),
            clock,
            script
        );
        await using var session = await client.OpenAsync("1.00", cancellationToken: Stop);
        await using var call = await session.ReserveAsync(CallEstimate.Model("gpt-5", "0.10"), cancellationToken: Stop);
        script.Lose(nameof(IBudgetSession.ExtendAsync), Loss.Answer, new TimeoutException());
        await Assert.ThrowsAsync<BudgetUnavailableException>(() => call.ExtendAsync(TimeSpan.FromHours(3), Stop));
        clock.Advance(TimeSpan.FromHours(3));
        Assert.False(call.HasGoneBack);

        clock.Advance(TimeSpan.FromHours(2));
        Assert.True(call.HasGoneBack);
    }
}
