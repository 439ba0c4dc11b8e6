using AgentBudget.Extensions.AI.Tests.Ways;
using AgentBudget.Http.Tests.Gates;
using AgentBudget.Http.Tests.Ledgers;
using AgentBudget.Http.Tests.Ways;

namespace AgentBudget.Extensions.AI.Tests.Gates;

/// <summary>Streams of chat clients that end before their end, with a budget in the client alone, and with one on the wire too.</summary>
public sealed class ChatCutPointTests(SharedLedger ledger)
{
    private static readonly Dictionary<string, Way> All = ChatWay.All.Values.Concat(WiredChatWay.All.Values).ToDictionary(way => way.Name);

    public static TheoryData<string, string> Ends => CutPoints.Of(All.Keys);

    [Theory, MemberData(nameof(Ends))]
    public Task Stream_ThatEndsBeforeItsEnd_CostsNoLessThanTheBill(string name, string end) =>
        CutPoints.AssertCostNoLessThanTheBillAsync(ledger, All[name], end);
}
