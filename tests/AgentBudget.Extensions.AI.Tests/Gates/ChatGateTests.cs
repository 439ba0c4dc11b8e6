using AgentBudget.Extensions.AI.Tests.Ways;
using AgentBudget.Http.Tests.Gates;
using AgentBudget.Http.Tests.Ledgers;

namespace AgentBudget.Extensions.AI.Tests.Gates;

/// <summary>What every way in by a chat client must do, each with its rows of the timeline and with the calls that the provider
/// saw.</summary>
public sealed class ChatGateTests(SharedLedger ledger)
{
    public static TheoryData<string> Names => new(ChatWay.All.Keys);

    [Theory, MemberData(nameof(Names))]
    public async Task Allow_OfACallThatFits_SettlesWhatTheProviderBills(string name)
    {
        foreach (var gate in (Gate[])[Gate.Allow, Gate.Stream])
        {
            var came = await gate.RunAsync(ledger, ChatWay.All[name]);
            Assert.Equal(("Hello, world.", "Reserved, Settled", 1), (came.Answer, came.Rows, came.Calls));
            Assert.Equal((came.Billed, CostSource.Provider), (came.Settled, came.Source));
        }
    }

    [Theory, MemberData(nameof(Names))]
    public async Task Deny_OfACallThatDoesNotFit_SendsNothingAndIsNotTriedAgain(string name)
    {
        foreach (var gate in (Gate[])[Gate.Deny, Gate.DenyStream])
        {
            var came = await gate.RunAsync(ledger, ChatWay.All[name]);
            Assert.Contains(came.Chain, exception => exception is MoneyRefusedException);
            Assert.Equal(("", 0, Money.Zero), (came.Rows, came.Calls, came.Settled));
        }
    }

    [Theory, MemberData(nameof(Names))]
    public async Task Cut_OfAStream_IsSettledAtNoLessThanTheBillAndMarked(string name)
    {
        foreach (var gate in (Gate[])[Gate.Cut, Gate.CancelStream, Gate.GiveUpStream, Gate.Cancel])
            AssertSettledFromAbove(await gate.RunAsync(ledger, ChatWay.All[name]));
    }

    // Errors that the provider answered are not billed, however often its SDK tries unseen.
    [Theory, MemberData(nameof(Names))]
    public async Task Retry_ThatNobodySees_IsOneCharge(string name)
    {
        var came = await Gate.Retry.RunAsync(ledger, ChatWay.All[name]);
        Assert.Equal(("Reserved, Settled", 3, "Hello, world."), (came.Rows, came.Calls, came.Answer));
        Assert.Equal(came.Billed, came.Settled);
    }

    [Theory, MemberData(nameof(Names))]
    public async Task ProviderError_IsGivenBack(string name)
    {
        var came = await Gate.ProviderError.RunAsync(ledger, ChatWay.All[name]);
        Assert.NotNull(came.Thrown);
        Assert.Equal(("Reserved, Released", 1, Money.Zero), (came.Rows, came.Calls, came.Settled));
    }

    private static void AssertSettledFromAbove(Outcome came)
    {
        Assert.Equal(("Reserved, Settled", 1), (came.Rows, came.Calls));
        Assert.True(came.Settled >= came.Billed, $"{came.Settled} settled, {came.Billed} billed");
        Assert.True(came.Source is CostSource.Estimated or CostSource.Reserved);
    }
}
