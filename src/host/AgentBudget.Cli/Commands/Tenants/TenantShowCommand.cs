using System.CommandLine;
using AgentBudget.Cli.Input;
using AgentBudget.Cli.Ledgers;
using AgentBudget.Cli.Views;

namespace AgentBudget.Cli.Commands.Tenants;

/// <summary><c>agentbudget tenant show PATH</c>: what it is set to, what holds, and who did what to it.</summary>
internal static class TenantShowCommand
{
    private const int DefaultHistory = 10;

    public static Command Create(TenantOptions common, CliTerminal terminal)
    {
        var command = new Command(
            "show",
            "Shows a tenant's settings, its limits as wanted and in force, and who changed what, when and why."
        );
        var path = TenantOptions.Path();
        var history = new Option<string>("--history")
        {
            HelpName = "N",
            Description = $"How many of the last changes, from 1 to {TenantBudget.MaxHistory}. Default {DefaultHistory}.",
        };
        command.Add(path);
        command.Add(history);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var tenant = TenantOptions.Read(parsed, path);
                var address = common.Ledger.Read(parsed);
                var count = Inputs.Count("--history", parsed.GetValue(history), DefaultHistory, 1, TenantBudget.MaxHistory);
                await using var ledger = await address.ViewAsync(terminal.Time, cancellationToken);
                var report = await ledger.FindTenantAsync(tenant, cancellationToken);
                var asked = Math.Min(count + TenantChange.LookedAtBefore, TenantBudget.MaxHistory);
                var entries = await ledger.HistoryAsync(tenant, asked, cancellationToken);
                var changes = TenantChange.Of(entries, count, isWhole: entries.Count < asked);
                if (parsed.GetValue(common.Json))
                    terminal.Out.WriteLine(TenantJson.Shown(report, changes));
                else
                    TenantView.WriteAll(terminal.Screen, report, changes);
            }
        );
        return command;
    }
}
