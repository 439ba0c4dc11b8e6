using System.CommandLine;
using AgentBudget.Cli.Ledgers;
using AgentBudget.Cli.Views;

namespace AgentBudget.Cli.Commands.Tenants;

/// <summary><c>agentbudget tenant report PATH</c>: what was spent, in total and by day, week and month, and on what.</summary>
internal static class TenantReportCommand
{
    public static Command Create(TenantOptions common, CliTerminal terminal)
    {
        var command = new Command(
            "report",
            "Reports what a tenant and all below it spent, in total and by day, week and month, and on what."
        );
        var path = TenantOptions.Path();
        command.Add(path);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var tenant = TenantOptions.Read(parsed, path);
                var address = common.Ledger.Read(parsed);
                await using var ledger = await address.ViewAsync(terminal.Time, cancellationToken);
                var report = await ledger.FindTenantAsync(tenant, cancellationToken);
                if (parsed.GetValue(common.Json))
                    terminal.Out.WriteLine(TenantJson.Reported(report));
                else
                    TenantView.WriteReport(terminal.Screen, report);
            }
        );
        return command;
    }
}
