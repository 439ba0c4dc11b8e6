using AgentBudget.Extensions.AI.Tests.Ways;
using AgentBudget.Http.Tests.Gates;
using AgentBudget.Http.Tests.Ledgers;

namespace AgentBudget.Extensions.AI.Tests.Gates;

/// <summary>A budget in the chat client and one on the wire: one charge, as without the first, and hidden attempts are seen.</summary>
public sealed class WiredGateTests(SharedLedger ledger)
{
    public static TheoryData<string> Names => new(WiredChatWay.All.Keys);

    [Theory, MemberData(nameof(Names))]
    public async Task Call_ThatPassesTwoBudgets_IsChargedOnce(string name)
    {
        foreach (var gate in (Gate[])[Gate.Allow, Gate.Stream])
        {
            var came = await gate.RunAsync(ledger, WiredChatWay.All[name]);
            Assert.Equal(("Hello, world.", "Reserved, Settled", 1), (came.Answer, came.Rows, came.Calls));
            Assert.Equal((came.Billed, CostSource.Provider), (came.Settled, came.Source));
        }
    }

    [Theory, MemberData(nameof(Names))]
    public async Task Attempts_ThatTheSdkHides_EachHaveAReservation(string name)
    {
        var came = await Gate.Retry.RunAsync(ledger, WiredChatWay.All[name]);
        Assert.Equal(("Reserved, Released, Reserved, Released, Reserved, Settled", 3), (came.Rows, came.Calls));
        Assert.Equal((came.Billed, "Hello, world."), (came.Settled, came.Answer));
    }

    // What something in between says is no answer of the provider: each attempt counts.
    [Theory, MemberData(nameof(Names))]
    public async Task Attempts_WithoutAnAnswer_AreSettledEach(string name)
    {
        var came = await Gate.GatewayTimeout.RunAsync(ledger, WiredChatWay.All[name]);
        Assert.Equal(WiredChatWay.All[name].Attempts, came.Calls);
        Assert.Equal(string.Join(", ", Enumerable.Repeat("Reserved, Settled", came.Calls)), came.Rows);
    }

    [Theory, MemberData(nameof(Names))]
    public async Task Streams_ThatAreCut_AreSettledOnce(string name)
    {
        foreach (var gate in (Gate[])[Gate.Cut, Gate.CancelStream, Gate.GiveUpStream])
        {
            var came = await gate.RunAsync(ledger, WiredChatWay.All[name]);
            Assert.Equal(("Reserved, Settled", 1), (came.Rows, came.Calls));
            Assert.True(came.Settled >= came.Billed, $"{came.Settled} settled, {came.Billed} billed");
        }
    }
}
