using AgentBudget.Http.Tests.Ledgers;
using AgentBudget.Http.Tests.Ways;

namespace AgentBudget.Http.Tests.Gates;

/// <summary>What every way in must do, each with its rows of the timeline and with the calls that the provider saw.</summary>
public sealed class GateTests(SharedLedger ledger)
{
    public static TheoryData<string> Names => new(HttpWay.All.Keys);

    [Theory, MemberData(nameof(Names))]
    public async Task Allow_OfACallThatFits_SettlesWhatTheProviderBills(string name)
    {
        var came = await Gate.Allow.RunAsync(ledger, HttpWay.All[name]);
        Assert.Equal(("Hello, world.", "Reserved, Settled", 1), (came.Answer, came.Rows, came.Calls));
        Assert.Equal((came.Billed, CostSource.Provider), (came.Settled, came.Source));
    }

    [Theory, MemberData(nameof(Names))]
    public async Task Deny_OfACallThatDoesNotFit_SendsNothingAndIsNotTriedAgain(string name)
    {
        foreach (var gate in (Gate[])[Gate.Deny, Gate.DenyStream])
        {
            var came = await gate.RunAsync(ledger, HttpWay.All[name]);
            Assert.Contains(came.Chain, exception => exception is MoneyRefusedException);
            Assert.Equal(("", 0, Money.Zero), (came.Rows, came.Calls, came.Settled));
        }
    }

    [Theory, MemberData(nameof(Names))]
    public async Task Stream_IsHandedOnAsItComesAndSettlesWhatTheProviderBills(string name)
    {
        var came = await Gate.Stream.RunAsync(ledger, HttpWay.All[name]);
        Assert.Equal(("Hello, world.", "Reserved, Settled", 1), (came.Answer, came.Rows, came.Calls));
        Assert.Equal((came.Billed, CostSource.Provider), (came.Settled, came.Source));
    }

    [Theory, MemberData(nameof(Names))]
    public async Task Cut_OfAStream_IsSettledAtNoLessThanTheBillAndMarked(string name) =>
        AssertSettledFromAbove(await Gate.Cut.RunAsync(ledger, HttpWay.All[name]));

    [Theory, MemberData(nameof(Names))]
    public async Task Retry_SetsMoneyAsideForEachAttempt(string name)
    {
        var came = await Gate.Retry.RunAsync(ledger, HttpWay.All[name]);
        Assert.Equal(("Reserved, Released, Reserved, Released, Reserved, Settled", 3), (came.Rows, came.Calls));
        Assert.Equal((came.Billed, "Hello, world."), (came.Settled, came.Answer));
    }

    [Theory, MemberData(nameof(Names))]
    public async Task ProviderError_IsGivenBack(string name)
    {
        var came = await Gate.ProviderError.RunAsync(ledger, HttpWay.All[name]);
        Assert.NotNull(came.Thrown);
        Assert.Equal(("Reserved, Released", 1, Money.Zero), (came.Rows, came.Calls, came.Settled));
    }

    // What something in between says is no answer of the provider.
    [Theory, MemberData(nameof(Names))]
    public async Task GatewayTimeout_IsSettledWholeForEachAttempt(string name)
    {
        var came = await Gate.GatewayTimeout.RunAsync(ledger, HttpWay.All[name]);
        Assert.NotNull(came.Thrown);
        Assert.Equal(HttpWay.All[name].Attempts, came.Calls);
        Assert.Equal(string.Join(", ", Enumerable.Repeat("Reserved, Settled", came.Calls)), came.Rows);
        Assert.Equal(CostSource.Reserved, came.Source);
    }

    [Theory, MemberData(nameof(Names))]
    public async Task Cancel_OfACallWithoutAnAnswer_IsSettledAtNoLessThanTheBill(string name)
    {
        var came = await Gate.Cancel.RunAsync(ledger, HttpWay.All[name]);
        Assert.NotNull(came.Thrown);
        AssertSettledFromAbove(came);
    }

    [Theory, MemberData(nameof(Names))]
    public async Task Cancel_OfAStream_IsSettledAtNoLessThanTheBill(string name)
    {
        var came = await Gate.CancelStream.RunAsync(ledger, HttpWay.All[name]);
        Assert.NotNull(came.Thrown);
        AssertSettledFromAbove(came);
    }

    [Theory, MemberData(nameof(Names))]
    public async Task Stream_ThatIsGivenUp_IsSettledWhenTheReportIsAskedFor(string name) =>
        AssertSettledFromAbove(await Gate.GiveUpStream.RunAsync(ledger, HttpWay.All[name]));

    private static void AssertSettledFromAbove(Outcome came)
    {
        Assert.Equal(("Reserved, Settled", 1), (came.Rows, came.Calls));
        Assert.True(came.Settled >= came.Billed, $"{came.Settled} settled, {came.Billed} billed");
        Assert.True(came.Source is CostSource.Estimated or CostSource.Reserved);
    }
}
