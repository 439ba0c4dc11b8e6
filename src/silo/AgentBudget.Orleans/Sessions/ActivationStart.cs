using System.Runtime.CompilerServices;

namespace AgentBudget.Orleans.Sessions;

/// <summary>How an activation of a ledger begins.</summary>
internal static class ActivationStart
{
    /// <summary>
    /// Ends the turn in which the activation is made, before its first call. Orleans (10.4) may run that call in the same turn, under the
    /// activation's lock, which whoever sends it a message has to take as well: two ledgers that spoke to each other in their first calls,
    /// as a parent and a child that are swept at once, would wait for each other for ever, and so would each thread that sends to them.
    /// </summary>
    public static YieldAwaitable EndFirstTurn() => Task.Yield();
}
