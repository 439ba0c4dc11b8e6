using AgentBudget.Http.Tests.Ledgers;
using AgentBudget.Http.Tests.Ways;
using FakeProvider;

namespace AgentBudget.Http.Tests.Gates;

/// <summary>A step of a durable workflow that is run again under its key, by the clients of OpenAI and Anthropic. Trap 24.</summary>
public sealed class StepTests(SharedLedger ledger)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("openai-chat")]
    [InlineData("anthropic")]
    public async Task Step_WhoseProcessDied_HasOneReservationAndIsOneCharge(string name)
    {
        var way = HttpWay.All[name];
        await using var provider = await LoopbackProvider.StartAsync(Stop);
        provider.Rates = way.Rates;
        // Too little for two.
        await using var session = await ledger.OpenAsync("0.03");
        var estimate = CallEstimate.Model(way.Model, 100, 1_000);
        var step = new ReserveOptions { Key = "step-7" };
        // It died between the grant and the call.
        _ = await ledger.Take(session.Id).ReserveAsync(estimate, step, Stop);

        await using var money = await session.ReserveAsync(estimate, step, Stop);
        using (money.Enter())
            Assert.Equal("Hello, world.", await way.AskAsync(session, provider.Address, cap: 1_000, Stop));

        Assert.True(money.IsReplay);
        Assert.Equal("Reserved, Extended, Settled", await session.RowsAsync());
        Assert.Equal(await provider.BillAsync(), await session.SpentAsync());
    }
}
