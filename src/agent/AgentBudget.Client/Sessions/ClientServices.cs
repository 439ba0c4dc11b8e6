using AgentBudget.Client.Calls;
using Microsoft.Extensions.Logging;

namespace AgentBudget.Client.Sessions;

/// <summary>What all sessions of one client share.</summary>
internal sealed record ClientServices(
    IGrainFactory Grains,
    AgentBudgetClientOptions Options,
    TimeProvider Time,
    ILogger Logger,
    ClientPrices Prices,
    LedgerCalls Calls,
    CallKeeper Keeper,
    LateEnds Late,
    UserCode User
);
