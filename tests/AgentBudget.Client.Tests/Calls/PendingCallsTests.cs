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
}
