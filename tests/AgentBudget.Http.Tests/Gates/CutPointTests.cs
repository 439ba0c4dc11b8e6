using AgentBudget.Http.Tests.Ledgers;
using AgentBudget.Http.Tests.Ways;

namespace AgentBudget.Http.Tests.Gates;

/// <summary>Streams of every shape that end before their end.</summary>
public sealed class CutPointTests(SharedLedger ledger)
{
    public static TheoryData<string, string> Ends =>
        CutPoints.Of(HttpWay.All.Keys.Where(name => !name.EndsWith("synchronous", StringComparison.Ordinal)));

    [Theory, MemberData(nameof(Ends))]
    public Task Stream_ThatEndsBeforeItsEnd_CostsNoLessThanTheBill(string name, string end) =>
        CutPoints.AssertCostNoLessThanTheBillAsync(ledger, HttpWay.All[name], end);
}
