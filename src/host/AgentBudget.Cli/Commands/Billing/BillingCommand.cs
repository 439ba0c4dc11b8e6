using System.CommandLine;

namespace AgentBudget.Cli.Commands.Billing;

/// <summary><c>agentbudget billing</c>: costs for billing systems.</summary>
internal static class BillingCommand
{
    public static Command Create(CliTerminal terminal) =>
        new("billing", "Sends the costs of a ledger to a billing system, or writes them to a file, and compares what that counts.")
        {
            BillingExportCommand.Create(terminal),
            BillingCompareCommand.Create(terminal),
            BillingDeadCommand.Create(terminal),
        };
}
