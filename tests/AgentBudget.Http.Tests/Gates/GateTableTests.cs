using AgentBudget.Http.Tests.Ledgers;
using AgentBudget.Http.Tests.Ways;

namespace AgentBudget.Http.Tests.Gates;

public sealed class GateTableTests(SharedLedger ledger)
{
    [Fact]
    public Task Table_OfTheDocs_IsWhatTheGatesDo() =>
        GateTable.AssertIsTrueAsync("## Under the SDKs", ledger, Gate.All, HttpWay.All.Values);
}
