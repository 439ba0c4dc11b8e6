using System.CommandLine;
using AgentBudget.Cli.Ledgers;

namespace AgentBudget.Cli.Commands.Tenants;

/// <summary><c>agentbudget tenant sessions PATH</c>: its sessions and those of tenants below it, in pages.</summary>
internal static class TenantSessionsCommand
{
    public static Command Create(TenantOptions common, CliTerminal terminal)
    {
        var command = new Command("sessions", "Lists the sessions of a tenant and of all below it, in the order of their ids.");
        var path = TenantOptions.Path();
        var page = new SessionPageOptions();
        command.Add(path);
        page.AddTo(command);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var tenant = TenantOptions.Read(parsed, path);
                var query = page.Read(parsed) with { Tenant = tenant };
                var address = common.Ledger.Read(parsed);
                await using var ledger = await address.ViewAsync(terminal.Time, cancellationToken);
                await page.WriteAsync(
                    ledger,
                    query,
                    parsed,
                    parsed.GetValue(common.Json),
                    terminal,
                    () => ledger.FindTenantAsync(tenant, cancellationToken),
                    cancellationToken
                );
            }
        );
        return command;
    }
}
