using AgentBudget.Extensions.AI.Tests.Ways;
using AgentBudget.Http.Tests.Gates;
using AgentBudget.Http.Tests.Ledgers;

namespace AgentBudget.Extensions.AI.Tests.Gates;

public sealed class ChatGateTableTests(SharedLedger ledger)
{
    [Fact]
    public Task Table_OfTheDocs_IsWhatTheGatesDo() =>
        GateTable.AssertIsTrueAsync("## In the chat client", ledger, Gate.All, ChatWay.All.Values.Concat(WiredChatWay.All.Values));
}
