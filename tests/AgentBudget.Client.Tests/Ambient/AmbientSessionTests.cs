using AgentBudget.Client.Tests.Ledgers;
using static AgentBudget.Client.Tests.Ledgers.SessionReading;

namespace AgentBudget.Client.Tests.Ambient;

/// <summary>The session that code finds without being handed it, here and inside a grain that is called.</summary>
public sealed class AmbientSessionTests(SharedLedger ledger)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Enter_FlowsIntoWhatIsAwaitedAndEndsWithIt()
    {
        await using var outer = await ledger.OpenAsync("1.00");
        await using var inner = await ledger.OpenAsync("1.00");
        Assert.Null(BudgetSession.Current);
        using (outer.Enter())
        {
            Assert.Same(outer, await CurrentLaterAsync());
            using (inner.Enter())
                Assert.Same(inner, await Task.Run(CurrentLaterAsync, Stop));
            Assert.Same(outer, BudgetSession.Current);
        }

        Assert.Null(BudgetSession.Current);
    }

    [Fact]
    public async Task Entered_DisposedTwice_BringsTheOuterOneBackOnce()
    {
        await using var outer = await ledger.OpenAsync("1.00");
        await using var inner = await ledger.OpenAsync("1.00");
        var first = inner.Enter();
        first.Dispose();
        using (outer.Enter())
        {
            first.Dispose();
            Assert.Same(outer, BudgetSession.Current);
        }
    }

    [Fact]
    public async Task Agents_SideBySide_EachHaveTheirOwn()
    {
        await using var session = await ledger.OpenAsync("1.00");
        var agents = Enumerable
            .Range(0, 20)
            .Select(i =>
                Task.Run(
                    async () =>
                    {
                        using (session.ForAgent($"agent-{i}").Enter())
                            return (await CurrentLaterAsync())!.Agent == $"agent-{i}";
                    },
                    Stop
                )
            );
        Assert.DoesNotContain(false, await Task.WhenAll(agents));
    }

    [Fact]
    public async Task Grain_ThatIsCalledUnderASession_FindsItAndSpendsOnIt()
    {
        await using var own = await EmbeddedAgentBudget.StartAsync(
            options =>
            {
                options.Path = null;
                options.ConfigureSilo = silo => silo.Services.AddAgentBudgetSessionFlow();
            },
            Stop
        );
        await using var session = await own.OpenAsync(1.00m, "ticket-1", cancellationToken: Stop);
        await using var child = await session.OpenSharedChildAsync("helper", Stop);
        var agent = own.Grains.GetGrain<ISpendingAgent>(0);
        Assert.Null(await agent.SpendAsync());
        using (session.Enter())
            Assert.Equal("ticket-1", await agent.SpendAsync());
        using (child.Enter())
            Assert.Equal("ticket-1/helper", await agent.SpendByAnotherAsync());
        Assert.Null(await agent.SpendAsync());
        Assert.Equal(Dollars("0.02"), (await session.NowAsync()).Spent);
        Assert.Equal(Dollars("0.01"), (await child.ReportAsync(cancellationToken: Stop)).TotalSpent);
    }

    private static async Task<BudgetSession?> CurrentLaterAsync()
    {
        await Task.Yield();
        return BudgetSession.Current;
    }
}
